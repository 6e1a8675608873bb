using System.Globalization;
using System.Xml.Linq;
using Cria.Reports.Charts;

namespace Cria.Reports.Tests.Charts;

public sealed class ChartTests
{
    static readonly double[] Awkward =
        [double.NaN, double.PositiveInfinity, double.NegativeInfinity, -1e308, 1e308, 0, -3];

    static readonly string[] Horizontal = ["x", "cx", "x1", "x2"];
    static readonly string[] Vertical = ["y", "cy", "y1", "y2"];

    public static TheoryData<IChart> Charts =>
    [
        PlausibleRun.Loss(), PlausibleRun.Loss(AxisKind.Logarithmic), PlausibleRun.Speed(), PlausibleRun.Pairs(),
        new WayChart("way", new("a", 2), new("b", 1.5), new("c", 1)),
        new WayChart("nowhere", new("a", 1), new("b", double.NaN), new("c", 1)),
        new LineChart("empty", new("x"), new("y")),
        new LineChart("empty series", new("x"), new("y")) { Series = [new("s", []) { Smoothing = 0.1 }] },
        new LineChart("one point", new("x"), new("y")) { Series = [new("s", [new(5, 5)]) { Smoothing = 0.1 }] },
        new LineChart("not numbers", new("x"), new("y") { Kind = AxisKind.Logarithmic })
        {
            Series = [new("s", [.. Awkward.Select((v, i) => new DataPoint(i, v))]) { Smoothing = 0.3 }],
            References = [.. Awkward.Select(v => new ReferenceLine(v, "r"))],
        },
        new LineChart("wide", new("x"), new("y"))
        {
            Series = [new("s", [.. Awkward.Select(v => new DataPoint(v, v))])],
        },
        new LineChart("marks", new("x"), new("y"))
        {
            Series = [new("s", [.. Enumerable.Range(0, 50).Select(i => new DataPoint(i, i))])],
            Marks = [new(-5, "outside"), .. Enumerable.Range(0, 12).Select(i => new Mark(4 * i, "rolled back", "a <tip>")), new(double.NaN, "nowhere")],
        },
        new LineChart("many marks and series", new("x"), new("y"))
        {
            Series = [.. Enumerable.Range(0, 20).Select(s => new Series($"s{s}", [new(0, s), new(9, s + 1)]))],
            Marks = [.. Enumerable.Range(0, 1000).Select(i => new Mark(i / 120.0, "skipped"))],
            IsLow = true,
        },
        Heat(rows: 5, columns: 30), Heat(rows: 90, columns: 1000), Heat(rows: 1, columns: 1), Heat(rows: 0, columns: 0),
        new HeatMap("bad heat", new("x"), new("y") { Kind = AxisKind.Logarithmic })
        {
            Columns = [.. Awkward.Select((_, i) => (double)i)],
            Rows = [new("a", Awkward), new("short", [1]), new("long", [.. Awkward, 4]), new("none", [])],
        },
        new ShareBar("shares", [new("a", 3), new("b <c>", 0), new("c", 1e-9)]) { Unit = "s" },
        new ShareBar("bad shares", [.. Awkward.Select(v => new Milestone("part", v))]),
        new ShareBar("no shares", []),
        new BarChart("no bars", new("x")),
        new BarChart("bad bars", new("x"))
        {
            Categories = [new("a"), new("b", "h")],
            Series = [new("s", [new(double.NaN, 1)]), new("t", [new(1, double.NaN), new(-1, 2), new(3)])],
        },
    ];

    [Fact]
    public void The_largest_number_of_a_heat_map_has_the_strongest_shade_however_many_columns_there_are()
    {
        double[] row = new double[10_000];
        row.AsSpan().Fill(1);
        row[7777] = 1000;
        string svg = new HeatMap("spike", new("step"), new("norm") { Kind = AxisKind.Logarithmic })
        {
            Columns = [.. Enumerable.Range(0, row.Length).Select(i => (double)i)],
            Rows = [new("layer", row)],
        }.ToSvg();
        // One in the key, one in the map.
        Assert.Equal(2, XDocument.Parse(svg).Descendants().Count(e => e.Attribute("class")?.Value == "h9"));
        Assert.InRange(svg.Length, 0, 20_000);
    }

    [Fact]
    public void Every_mark_is_drawn_and_labels_do_not_lie_upon_each_other()
    {
        LineChart chart = new("marks", new("step"), new("loss"))
        {
            Series = [new("s", [new(0, 1), new(100, 2)])],
            Marks = [new(10, "spike"), new(10.5, "rolled back"), new(90, "resumed")],
        };
        XElement[] drawn = [.. XDocument.Parse(chart.ToSvg()).Descendants()];
        Assert.Equal(3, drawn.Count(e => e.Attribute("class")?.Value == "mark"));
        Assert.Equal(["spike", "resumed"], drawn.Where(e => e.Attribute("class")?.Value == "value halo").Select(e => e.Value));
    }

    static HeatMap Heat(int rows, int columns) => new("heat", new("step"), new("norm", "unit") { Kind = AxisKind.Logarithmic })
    {
        Columns = [.. Enumerable.Range(1, columns).Select(i => 10.0 * i)],
        Rows = [.. Enumerable.Range(0, rows).Select(r => new HeatRow($"layers.{r}.self_attn", [.. Enumerable.Range(1, columns).Select(c => Math.Exp(-0.01 * c * (r + 1)))]))],
    };

    [Theory, MemberData(nameof(Charts))]
    public void Every_drawing_is_well_formed_titled_and_holds_no_broken_number(IChart chart)
    {
        foreach (bool standalone in (bool[])[false, true])
        {
            string svg = chart.ToSvg(standalone);
            XElement root = XDocument.Parse(svg).Root!;

            Assert.Equal("title", root.Elements().First().Name.LocalName);
            Assert.Equal(chart.Title, root.Elements().First().Value);
            Assert.NotEmpty(root.Elements().Single(e => e.Name.LocalName == "desc").Value);
            foreach (XAttribute attribute in root.Descendants().Attributes())
            {
                string name = attribute.Name.LocalName;
                if (name is "width" or "height" or "d" || Horizontal.Contains(name) || Vertical.Contains(name))
                    Assert.DoesNotMatch("NaN|Infinity|∞|E", attribute.Value);
            }

            Assert.Equal(standalone, svg.Contains("prefers-color-scheme:dark", StringComparison.Ordinal));
            Assert.Equal(svg, chart.ToSvg(standalone));
        }
    }

    [Theory, MemberData(nameof(Charts))]
    public void Nothing_is_drawn_outside_the_picture(IChart chart)
    {
        XElement root = XDocument.Parse(chart.ToSvg()).Root!;
        double[] box = [.. root.Attribute("viewBox")!.Value.Split(' ').Select(Number)];
        foreach (XAttribute attribute in root.Descendants().Attributes())
        {
            if (Horizontal.Contains(attribute.Name.LocalName))
                Assert.InRange(Number(attribute.Value), 0, box[2]);
            if (Vertical.Contains(attribute.Name.LocalName))
                Assert.InRange(Number(attribute.Value), 0, box[3]);
        }
    }

    public static TheoryData<IChart> WideLabels
    {
        get
        {
            TheoryData<IChart> charts =
            [
                new LineChart("logarithmic", new("FLOPs") { Kind = AxisKind.Logarithmic }, new("loss")) { Series = [new("s", [new(1e-3, 1), new(1e3, 2)])] },
                new HeatMap("heat", new("minutes of training"), new("norm")) { Columns = [1, 20_000], Rows = [new("layers.11.self_attn", [1, 0.00012345])] },
                new BarChart("bars", new("accuracy") { Minimum = 0, Maximum = 1 })
                {
                    Categories = [new("agreement of subject and verb")],
                    Series = [new("s", [new(12_345_678)])],
                    References = [new(1, "what a very large model reaches"), new(0, "chance")],
                },
                PlausibleRun.Loss(), PlausibleRun.Speed(), PlausibleRun.Pairs(), Heat(rows: 5, columns: 30),
            ];
            // The last label stands in the corner, and is of any length.
            foreach (double end in (double[])[9, 99, 999, 9999, 100_000, 1e7, 0.25, 1.005])
                charts.Add(new LineChart($"to {end}", new("step"), new("loss")) { Series = [new("s", [new(0, 1), new(end, 2)])] });
            return charts;
        }
    }

    // A browser takes whichever font it has; the widest common one has digits of 0.636 em.
    [Theory, MemberData(nameof(WideLabels))]
    public void No_label_is_cut_off_at_the_sides_in_any_common_font(IChart chart)
    {
        foreach (XElement text in XDocument.Parse(chart.ToSvg()).Descendants().Where(e => e.Name.LocalName == "text" && e.Attribute("x") is not null))
        {
            if (text.Attribute("class")!.Value is "title" or "head" or "big") // of another size
                continue;
            double x = Number(text.Attribute("x")!.Value), width = 12 * 0.636 * text.Value.Length;
            double left = text.Attribute("text-anchor")?.Value switch { "end" => x - width, "middle" => x - width / 2, _ => x };
            Assert.True(left >= 0 && left + width <= 760, $"'{text.Value}' lies from {left} to {left + width}");
        }
    }

    [Fact]
    public void A_missing_value_interrupts_the_curve_and_does_not_bend_it()
    {
        var chart = new LineChart("t", new("x"), new("y"))
        {
            Series = [new("s", [new(0, 1), new(1, 2), new(2, double.NaN), new(3, 2), new(4, 1)])],
        };
        XElement curve = XDocument.Parse(chart.ToSvg()).Descendants().Single(e => e.Name.LocalName == "path");
        string path = curve.Attribute("d")!.Value;

        Assert.Equal(2, path.Count(c => c == 'M'));
        Assert.Equal(2, path.Count(c => c == 'L'));
    }

    [Theory, InlineData(1), InlineData(2), InlineData(200), InlineData(9001)]
    public void A_smooth_curve_keeps_straight_lines_to_both_ends(int count)
    {
        DataPoint[] line = [.. Enumerable.Range(0, count).Select(i => new DataPoint(i, 3 - (0.01 * i)))];
        DataPoint[] smooth = Curve.Smooth(line, 0.1);

        Assert.InRange(smooth.Length, Math.Min(count, 4000), count);
        foreach ((double x, double y) in smooth)
            Assert.Equal(3 - (0.01 * x), y, 1e-9);
    }

    [Fact]
    public void Thinning_keeps_the_spike_the_ends_and_the_order()
    {
        DataPoint[] points = [.. Enumerable.Range(0, 10_000).Select(i => new DataPoint(i, i == 4321 ? 99 : i % 7))];
        IReadOnlyList<DataPoint> thin = Curve.Thin(points);

        Assert.InRange(thin.Count, 400, 810);
        Assert.Contains(new DataPoint(4321, 99), thin);
        Assert.Equal((points[0], points[^1]), (thin[0], thin[^1]));
        Assert.Equal(thin.OrderBy(p => p.X), thin);
    }

    [Fact]
    public void A_run_of_many_steps_is_drawn_small()
    {
        DataPoint[] points = [.. Enumerable.Range(0, 300_000).Select(i => new DataPoint(i, 1 + (i % 13)))];
        string svg = new LineChart("t", new("x"), new("y")) { Series = [new("s", points) { Smoothing = 0.05 }] }.ToSvg();

        Assert.True(svg.Length < 60_000, $"{svg.Length} characters");
    }

    [Fact]
    public void The_way_is_measured_from_the_baseline()
    {
        Assert.Equal(0.75, new WayChart("t", new("a", 2), new("b", 1.25), new("c", 1)).Share, 1e-12);
        Assert.Equal(-0.5, new WayChart("t", new("a", 2), new("b", 2.5), new("c", 1)).Share, 1e-12);
    }

    static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
