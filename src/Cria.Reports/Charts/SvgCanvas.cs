using System.Globalization;
using System.Text;

namespace Cria.Reports.Charts;

/// <summary>Collects the elements of one drawing. Positions are in units of the view box, which is about a pixel each
/// on a wide page.</summary>
sealed class SvgCanvas
{
    /// <summary>The width of every drawing.</summary>
    public const double Width = 760;

    readonly StringBuilder _body = new();

    /// <summary>About how wide a text of the chart's small size is; a drawing cannot measure the reader's
    /// font.</summary>
    public static double TextWidth(string text) => 6.3 * text.Length;

    /// <summary>How wide a text of that size is at most in any common font: DejaVu Sans has the widest digits, 0.636 of its size.</summary>
    public static double WidestText(string text) => 12 * 0.64 * text.Length;

    /// <summary>A text about <paramref name="x"/>, at the edge of the picture moved inwards until it is whole.</summary>
    public void TextAbout(double x, double y, string style, string text)
    {
        double half = WidestText(text) / 2;
        if (x + half > Width)
            Text(Width, y, style, text, "end");
        else if (x - half < 0)
            Text(0, y, style, text);
        else
            Text(x, y, style, text, "middle");
    }

    /// <summary>A text that begins at <paramref name="x"/>, or ends at the right edge where it would reach beyond it.</summary>
    public void TextFrom(double x, double y, string style, string text)
    {
        bool fits = x + WidestText(text) <= Width;
        Text(fits ? x : Width, y, style, text, fits ? "start" : "end");
    }

    public void Text(double x, double y, string style, string text, string anchor = "start") =>
        _body.Append(CultureInfo.InvariantCulture, $"<text class=\"{style}\" x=\"{F(x)}\" y=\"{F(y)}\" ")
            .Append(CultureInfo.InvariantCulture, $"text-anchor=\"{anchor}\">{Markup.Escape(text)}</text>\n");

    /// <summary>A name and behind it, in bold, its value: one text, so that no width need be guessed between
    /// them.</summary>
    public void NameAndValue(double x, double y, string name, string value) =>
        _body.Append(CultureInfo.InvariantCulture, $"<text class=\"name\" x=\"{F(x)}\" y=\"{F(y)}\">")
            .Append(Markup.Escape(name))
            .Append(value.Length == 0 ? "" : $" <tspan class=\"last\">{Markup.Escape(value)}</tspan>")
            .Append("</text>\n");

    /// <summary>A text turned a quarter to the left about its middle.</summary>
    public void Upright(double x, double y, string style, string text) =>
        _body.Append(CultureInfo.InvariantCulture, $"<text class=\"{style}\" text-anchor=\"middle\" ")
            .Append(CultureInfo.InvariantCulture, $"transform=\"translate({F(x)} {F(y)}) rotate(-90)\">")
            .Append(Markup.Escape(text)).Append("</text>\n");

    public void Line(double x1, double y1, double x2, double y2, string style) =>
        _body.Append(CultureInfo.InvariantCulture, $"<line class=\"{style}\" x1=\"{F(x1)}\" y1=\"{F(y1)}\" ")
            .Append(CultureInfo.InvariantCulture, $"x2=\"{F(x2)}\" y2=\"{F(y2)}\"/>\n");

    public void Rectangle(
        double x, double y, double width, double height, string style, double radius, string? tip = null)
    {
        _body.Append(CultureInfo.InvariantCulture, $"<rect class=\"{style}\" x=\"{F(x)}\" y=\"{F(y)}\" ")
            .Append(CultureInfo.InvariantCulture, $"width=\"{F(width)}\" height=\"{F(height)}\" rx=\"{F(radius)}\"");
        Close("rect", tip);
    }

    public void Circle(double x, double y, double radius, string style, string? tip = null)
    {
        _body.Append(CultureInfo.InvariantCulture, $"<circle class=\"{style}\" cx=\"{F(x)}\" cy=\"{F(y)}\" ")
            .Append(CultureInfo.InvariantCulture, $"r=\"{F(radius)}\"");
        Close("circle", tip);
    }

    /// <summary>A path through points; a point that is not a number lifts the pen.</summary>
    public void Path(IEnumerable<(double X, double Y)> points, string style)
    {
        var path = new StringBuilder();
        bool isDown = false;
        foreach ((double x, double y) in points)
        {
            bool isPoint = double.IsFinite(x) && double.IsFinite(y);
            if (isPoint)
                path.Append(isDown ? 'L' : 'M').Append(F(x)).Append(' ').Append(F(y));
            isDown = isPoint;
        }

        if (path.Length > 0)
            _body.Append(CultureInfo.InvariantCulture, $"<path class=\"{style}\" d=\"{path}\"/>\n");
    }

    public string Finish(string title, string description, double height, bool standalone)
    {
        string style = standalone ? $"<style>{Palette.Standalone}</style>\n" : "";
        return $"""
            <svg xmlns="http://www.w3.org/2000/svg" class="chart" viewBox="0 0 {F(Width)} {F(height)}" role="img">
            <title>{Markup.Escape(title)}</title>
            <desc>{Markup.Escape(description)}</desc>
            {style}{_body}</svg>
            """;
    }

    void Close(string element, string? tip) => _body.Append(
        tip is null ? "/>\n" : $"><title>{Markup.Escape(tip)}</title></{element}>\n");

    static string F(double value) =>
        Math.Clamp(value, -1e5, 1e5).ToString("0.##", CultureInfo.InvariantCulture);
}
