using System.Text;
using Cria.Reports.Charts;

namespace Cria.Reports.Pages;

/// <summary>A piece of a section.</summary>
abstract record Block
{
    public abstract void Write(StringBuilder html);
}

sealed record Paragraph(string Content, bool IsNote) : Block
{
    public override void Write(StringBuilder html) =>
        html.Append(IsNote ? "<p class=\"note\">" : "<p>").Append(Markup.Escape(Content)).Append("</p>\n");
}

sealed record ChartBlock(IChart Chart) : Block
{
    public override void Write(StringBuilder html) =>
        html.Append("<figure>\n").Append(Chart.ToSvg()).Append("\n</figure>\n");
}

sealed record FactsBlock(string Title, IReadOnlyList<(string Name, string Value)> Facts) : Block
{
    public override void Write(StringBuilder html)
    {
        html.Append($"<div class=\"card\"><h3>{Markup.Escape(Title)}</h3>\n<dl>\n");
        foreach ((string name, string value) in Facts)
            html.Append($"<div><dt>{Markup.Escape(name)}</dt><dd>{Markup.Escape(value)}</dd></div>\n");
        html.Append("</dl></div>\n");
    }
}

sealed record SampleBlock(string Prompt, string Continuation, string Caption) : Block
{
    public override void Write(StringBuilder html)
    {
        html.Append("<blockquote class=\"sample\">");
        if (Prompt.Length > 0)
            html.Append($"<b>{Markup.Escape(Prompt)}</b>");
        html.Append(Markup.Escape(Continuation));
        if (Caption.Length > 0)
            html.Append($"<cite>{Markup.Escape(Caption)}</cite>");
        html.Append("</blockquote>\n");
    }
}

sealed record TableBlock : Block
{
    const int Many = 8; // columns that fit a page only close together

    readonly IReadOnlyList<string> _headers;
    readonly IReadOnlyList<IReadOnlyList<string>> _rows;

    public TableBlock(IReadOnlyList<string> headers, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        if (rows.FirstOrDefault(r => r.Count > headers.Count) is { } row)
        {
            throw new ArgumentException(
                $"A row of {row.Count} cells in a table of {headers.Count} columns.", nameof(rows));
        }

        (_headers, _rows) = (headers, rows);
    }

    public override void Write(StringBuilder html)
    {
        html.Append(_headers.Count > Many ? "<div class=\"scroll\"><table class=\"many\">\n<thead><tr>" : "<div class=\"scroll\"><table>\n<thead><tr>");
        for (int c = 0; c < _headers.Count; c++)
            html.Append($"<th scope=\"col\"{Align(c)}>{Markup.Escape(_headers[c])}</th>");
        html.Append("</tr></thead>\n<tbody>\n");
        foreach (IReadOnlyList<string> row in _rows)
        {
            html.Append("<tr>");
            for (int c = 0; c < _headers.Count; c++)
                html.Append($"<td{Align(c)}>{Markup.Escape(c < row.Count ? row[c] : "")}</td>");
            html.Append("</tr>\n");
        }

        html.Append("</tbody></table></div>\n");
    }

    string Align(int column) => IsNumeric(column) ? " class=\"number\"" : "";

    bool IsNumeric(int column) => _rows.Count > 0 && _rows.All(row => column >= row.Count || IsNumber(row[column]));

    static bool IsNumber(string cell) =>
        cell is "" or "–" || (cell.AsSpan().TrimStart("−-+") is [var first, ..] && char.IsAsciiDigit(first));
}
