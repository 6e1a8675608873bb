using System.Text;
using Cria.Reports.Charts;

namespace Cria.Reports.Pages;

/// <summary>A section of a <see cref="HtmlReport"/>: blocks under a heading, in the order in which they are added. All
/// text is plain; markup in it is shown, not obeyed.</summary>
public sealed class ReportSection
{
    readonly List<Block> _blocks = [];

    internal ReportSection(string title) => Title = title;

    public string Title { get; }

    /// <summary>A paragraph.</summary>
    public ReportSection Text(string paragraph) => Add(new Paragraph(paragraph, IsNote: false));

    /// <summary>A smaller, quieter paragraph: a source, a definition, a caveat.</summary>
    public ReportSection Note(string paragraph) => Add(new Paragraph(paragraph, IsNote: true));

    public ReportSection Chart(IChart chart) => Add(new ChartBlock(chart));

    /// <summary>A table. Columns of numbers align to the right.</summary>
    /// <param name="headers">The head of every column.</param>
    /// <param name="rows">Cells by row; a short row leaves its last cells empty, further cells are an error.</param>
    /// <exception cref="ArgumentException">A row with more cells than there are headers.</exception>
    public ReportSection Table(IReadOnlyList<string> headers, IEnumerable<IReadOnlyList<string>> rows) =>
        Add(new TableBlock(headers, [.. rows]));

    /// <summary>A card of names and values, such as the recipe or the machine; neighbouring cards share a
    /// row.</summary>
    public ReportSection Facts(string title, params IReadOnlyList<(string Name, string Value)> facts) =>
        Add(new FactsBlock(title, facts));

    /// <summary>A generated text: what the model was given stands out from what it wrote. Line breaks are
    /// kept.</summary>
    /// <param name="prompt">May be empty.</param>
    /// <param name="continuation">What the model wrote.</param>
    /// <param name="caption">How it was made, for example "temperature 0.8, seed 1"; may be empty.</param>
    public ReportSection Sample(string prompt, string continuation, string caption = "") =>
        Add(new SampleBlock(prompt, continuation, caption));

    internal void Write(StringBuilder html, string anchor)
    {
        html.Append($"<section id=\"{anchor}\">\n<h2>{Markup.Escape(Title)}</h2>\n");
        for (int i = 0; i < _blocks.Count; i++)
        {
            bool isFacts = _blocks[i] is FactsBlock;
            if (isFacts && (i == 0 || _blocks[i - 1] is not FactsBlock))
                html.Append("<div class=\"cards\">\n");
            _blocks[i].Write(html);
            if (isFacts && (i == _blocks.Count - 1 || _blocks[i + 1] is not FactsBlock))
                html.Append("</div>\n");
        }

        html.Append("</section>\n");
    }

    ReportSection Add(Block block)
    {
        _blocks.Add(block);
        return this;
    }
}
