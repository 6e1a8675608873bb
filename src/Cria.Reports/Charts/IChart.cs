namespace Cria.Reports.Charts;

/// <summary>A chart that draws itself as SVG: no script, no outside resource, the same bytes for the same
/// input.</summary>
public interface IChart
{
    string Title { get; }

    /// <summary>The drawing, a well-formed <c>svg</c> element that scales to the width it is given.</summary>
    /// <param name="standalone">Whether it carries its own colours, as a file of its own must; inside a
    /// <see cref="Pages.HtmlReport"/> the page has them.</param>
    string ToSvg(bool standalone = false);
}
