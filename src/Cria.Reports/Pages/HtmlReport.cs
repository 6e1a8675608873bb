using System.Text;
using Cria.Reports.Charts;

namespace Cria.Reports.Pages;

/// <summary>
/// Builds a page that stands alone: one file without script, fonts or links to elsewhere, in light and dark, fit for
/// print. The same calls give the same bytes; whoever wants a date on it passes one as text.
/// </summary>
/// <param name="title">The heading, and the browser's tab.</param>
/// <param name="summary">A sentence or two below the heading: what this is and how it went.</param>
public sealed class HtmlReport(string title, string summary)
{
    const int LongTile = 7; // more characters than fit a tile in large type

    const string Generator = "<meta name=\"generator\" content=\"Cria\"/>";
    const int HeadBytes = 1024;

    readonly List<(string Label, string Value, string Note)> _tiles = [];
    readonly List<ReportSection> _sections = [];

    /// <summary>A line at the foot, for example the program's version and the command.</summary>
    public string Footer { get; set; } = "";

    /// <summary>One of the few numbers that matter, large, at the top.</summary>
    /// <param name="label">What it is, for example "bits per byte".</param>
    /// <param name="value">The number, formatted.</param>
    /// <param name="note">What to hold it against, for example "trigram 0.92".</param>
    public HtmlReport Tile(string label, string value, string note = "")
    {
        _tiles.Add((label, value, note));
        return this;
    }

    /// <summary>Begins a section; its blocks are added to what is returned.</summary>
    public ReportSection Section(string heading)
    {
        var section = new ReportSection(heading);
        _sections.Add(section);
        return section;
    }

    public string ToHtml()
    {
        var html = new StringBuilder();
        html.Append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n")
            .Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n")
            .Append(Generator).Append('\n')
            .Append("<meta name=\"color-scheme\" content=\"light dark\"/>\n")
            .Append($"<title>{Markup.Escape(title)}</title>\n<style>\n")
            .Append(Palette.Variables(":root")).Append(Palette.Charts).Append(Stylesheet.Page)
            .Append("</style>\n</head>\n<body>\n<main>\n")
            .Append($"<header>\n<h1>{Markup.Escape(title)}</h1>\n");
        if (summary.Length > 0)
            html.Append($"<p class=\"lead\">{Markup.Escape(summary)}</p>\n");
        WriteTiles(html);
        WriteNavigation(html);
        html.Append("</header>\n");
        for (int i = 0; i < _sections.Count; i++)
            _sections[i].Write(html, Anchor(i));
        if (Footer.Length > 0)
            html.Append($"<footer>{Markup.Escape(Footer)}</footer>\n");
        return html.Append("</main>\n</body>\n</html>\n").ToString();
    }

    /// <summary>Whether a file is a page of this kind, which may be written over.</summary>
    public static bool Is(string path)
    {
        using var file = File.OpenRead(path);
        Span<byte> head = stackalloc byte[HeadBytes];
        int count = file.ReadAtLeast(head, HeadBytes, throwOnEndOfStream: false);
        return Encoding.UTF8.GetString(head[..count]).Contains(Generator, StringComparison.Ordinal);
    }

    void WriteTiles(StringBuilder html)
    {
        if (_tiles.Count == 0)
            return;

        html.Append("<div class=\"tiles\">\n");
        foreach ((string label, string value, string note) in _tiles)
        {
            string size = value.Length > LongTile ? " class=\"long\"" : "";
            html.Append($"<div class=\"tile\"><strong{size}>{Markup.Escape(value)}</strong>")
                .Append($"<span>{Markup.Escape(label)}</span><em>{Markup.Escape(note)}</em></div>\n");
        }

        html.Append("</div>\n");
    }

    void WriteNavigation(StringBuilder html)
    {
        if (_sections.Count < 3)
            return;

        html.Append("<nav>");
        for (int i = 0; i < _sections.Count; i++)
            html.Append($"<a href=\"#{Anchor(i)}\">{Markup.Escape(_sections[i].Title)}</a>\n");
        html.Append("</nav>\n");
    }

    static string Anchor(int section) => FormattableString.Invariant($"section-{section + 1}");
}
