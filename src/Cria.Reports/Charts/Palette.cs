namespace Cria.Reports.Charts;

/// <summary>The colours, for light and dark, that charts and pages share. The series colours are Okabe and Ito's
/// (2008), told apart by all common kinds of colour vision; the dark set keeps the hues and raises the
/// lightness.</summary>
static class Palette
{
    /// <summary>How many series have a colour of their own; further ones begin again.</summary>
    public const int SeriesColours = 6;

    /// <summary>Steps of a heat map's shades.</summary>
    public const int Shades = 10;

    const string Light =
        "--paper:#fbfbf8;--card:#fff;--ink:#1d2126;--muted:#5d6570;--line:#e2e3de;--strong:#b9bdc2;" +
        "--accent:#0067a5;--s0:#0072b2;--s1:#d55e00;--s2:#009e73;--s3:#cc79a7;--s4:#c78500;--s5:#3a9bd9;" +
        "--h0:#eef3f7;--h1:#d9e6ef;--h2:#c0d7e8;--h3:#a3c6e0;--h4:#83b3d7;--h5:#629ecc;--h6:#4487bd;--h7:#2d6fa8;--h8:#1c578d;--h9:#0d3e6d";

    const string Dark =
        "--paper:#14171a;--card:#1b1f23;--ink:#e7e8e4;--muted:#9aa3ad;--line:#2b3036;--strong:#525a63;" +
        "--accent:#6db9ee;--s0:#55b0ea;--s1:#f28b4b;--s2:#3ccaa0;--s3:#e3a0c6;--s4:#f0bb45;--s5:#9bd3f5;" +
        "--h0:#1f262d;--h1:#22323f;--h2:#244052;--h3:#264f67;--h4:#28607d;--h5:#2c7294;--h6:#3a87ac;--h7:#559fc3;--h8:#7dbad9;--h9:#b2dcf0";

    const string System = "system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif";

    /// <summary>The variables, for a selector such as <c>:root</c>. Paper is always light.</summary>
    public static string Variables(string selector) =>
        $"{selector}{{{Light};color-scheme:light dark;--sans:{System}}}\n" +
        $"@media screen and (prefers-color-scheme:dark){{{selector}{{{Dark}}}}}\n";

    /// <summary>How the parts of a chart look.</summary>
    public const string Charts =
        """
        .chart{display:block;width:100%;height:auto;font:12px var(--sans);font-variant-numeric:tabular-nums}
        .chart text{fill:var(--muted)}
        .chart .title{font-size:15px;font-weight:600;fill:var(--ink)}
        .chart .name{fill:var(--ink)}
        .chart .last,.chart .big{fill:var(--ink);font-weight:600}
        .chart .big{font-size:17px}
        .chart .value{font-size:11px;fill:var(--ink)}
        .chart .head{font-size:11px;font-weight:600;letter-spacing:.06em}
        .chart .halo{paint-order:stroke;stroke:var(--card);stroke-width:4px;stroke-linejoin:round}
        .chart .grid{stroke:var(--line);stroke-width:1}
        .chart .axis{stroke:var(--strong);stroke-width:1}
        .chart .reference{stroke:var(--muted);stroke-width:1.2;stroke-dasharray:5 4}
        .chart .curve{fill:none;stroke:var(--c);stroke-width:2;stroke-linejoin:round;stroke-linecap:round}
        .chart .raw{fill:none;stroke:var(--c);stroke-width:1;stroke-opacity:.3;stroke-linejoin:round}
        .chart .fill{fill:var(--c)}
        .chart .track{fill:var(--line)}
        .chart .dot{fill:var(--c);stroke:var(--card);stroke-width:1.5}
        .chart .touch{fill:transparent}
        .chart .whisker{stroke:var(--ink);stroke-width:1.3}
        .chart .mark{stroke:var(--s1);stroke-width:1;stroke-dasharray:2 3}
        .chart .notch{stroke:var(--muted);stroke-width:1.2}
        .chart .d1{stroke-dasharray:7 4}.chart .d2{stroke-dasharray:2 4}.chart .d3{stroke-dasharray:9 3 2 3}
        .h0{fill:var(--h0)}.h1{fill:var(--h1)}.h2{fill:var(--h2)}.h3{fill:var(--h3)}.h4{fill:var(--h4)}
        .h5{fill:var(--h5)}.h6{fill:var(--h6)}.h7{fill:var(--h7)}.h8{fill:var(--h8)}.h9{fill:var(--h9)}
        .c0{--c:var(--s0)}.c1{--c:var(--s1)}.c2{--c:var(--s2)}.c3{--c:var(--s3)}.c4{--c:var(--s4)}.c5{--c:var(--s5)}

        """;

    /// <summary>Everything a chart needs that is a file of its own.</summary>
    public static string Standalone => Variables(".chart") + Charts + ".chart{background:var(--card)}\n";
}
