using System.Xml.Linq;
using Cria.Reports.Pages;

namespace Cria.Reports.Tests.Pages;

public sealed class HtmlReportTests
{
    [Fact]
    public void A_whole_report_is_well_formed_and_needs_nothing_from_elsewhere()
    {
        string html = PlausibleRun.Report().ToHtml();
        if (Environment.GetEnvironmentVariable("CRIA_REPORT_OUT") is { Length: > 0 } path)
            File.WriteAllText(path, html);

        XDocument page = Parsed(html);
        Assert.Equal(5, page.Descendants().Count(e => e.Name.LocalName == "svg"));
        Assert.DoesNotContain(page.Descendants(), e => e.Name.LocalName is "script" or "link" or "img");
        Assert.DoesNotContain("url(", html, StringComparison.Ordinal);
        Assert.DoesNotContain("@import", html, StringComparison.Ordinal);
        Assert.True(html.Length < 200_000, $"{html.Length} characters");
    }

    [Fact]
    public void The_same_input_gives_the_same_bytes() =>
        Assert.Equal(PlausibleRun.Report().ToHtml(), PlausibleRun.Report().ToHtml());

    [Fact]
    public void Text_is_shown_and_never_obeyed()
    {
        const string Evil = "<script>alert('x')</script> & \"q\" \0\u001b[0m \ud800 end";
        var report = new HtmlReport(Evil, Evil) { Footer = Evil };
        report.Tile(Evil, Evil, Evil);
        report.Section(Evil).Text(Evil).Note(Evil).Facts(Evil, (Evil, Evil)).Sample(Evil, Evil, Evil)
            .Table([Evil], [[Evil]]).Chart(new Cria.Reports.Charts.LineChart(Evil, new(Evil, Evil), new(Evil, Evil)));

        XDocument page = Parsed(report.ToHtml());
        Assert.DoesNotContain(page.Descendants(), e => e.Name.LocalName == "script");
        Assert.Equal(
            "<script>alert('x')</script> & \"q\" \uFFFD\uFFFD[0m \uFFFD end", page.Descendants("h1").Single().Value);
    }

    [Fact]
    public void Columns_of_numbers_align_to_the_right_and_others_do_not()
    {
        var report = new HtmlReport("t", "");
        report.Section("s").Table(["name", "share", "mixed"], [["a", "−1.5 %", "3"], ["b", "–", "x"], ["c"]]);

        IEnumerable<XElement> heads = Parsed(report.ToHtml()).Descendants("th");
        Assert.Equal([null, "number", null], heads.Select(h => h.Attribute("class")?.Value));
        Assert.Throws<ArgumentException>(() => report.Section("s").Table(["one"], [["a", "b"]]));
    }

    static XDocument Parsed(string html) => XDocument.Parse(html["<!DOCTYPE html>".Length..]);
}
