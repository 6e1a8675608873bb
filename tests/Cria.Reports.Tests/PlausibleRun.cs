using Cria.Reports.Charts;
using Cria.Reports.Pages;

namespace Cria.Reports.Tests;

/// <summary>A report such as a training run makes, from invented numbers that look like one: for tests, and to be
/// looked at (set CRIA_REPORT_OUT to a file name).</summary>
static class PlausibleRun
{
    const int Steps = 2400;

    public static LineChart Loss(AxisKind kind = AxisKind.Linear)
    {
        uint state = 7;
        DataPoint[] training = [.. Enumerable.Range(1, Steps).Select(
            s => new DataPoint(s, Fall(s) + (0.12 * Noise(ref state))))];
        DataPoint[] validation = [.. Enumerable.Range(1, 16).Select(i => new DataPoint(150 * i, Fall(150 * i) + 0.02))];
        return new LineChart("Loss", new Axis("step"), new Axis("bits per byte") { Kind = kind })
        {
            Series = [new Series("training", training) { Smoothing = 0.02 }, new Series("validation", validation)],
            References = [new(0.92, "Kneser–Ney trigram 0.920"), new(0.41, "true entropy 0.410")],
        };
    }

    public static LineChart Speed()
    {
        uint state = 3;
        DataPoint[] speed = [.. Enumerable.Range(1, Steps).Select(
            s => new DataPoint(s, 14_800 + (900 * Noise(ref state)) - (s % 300 == 0 ? 5000 : 0)))];
        return new LineChart("Speed", new Axis("step"), new Axis("speed", "tokens per second") { Minimum = 0 })
        {
            Series = [new Series("tokens per second", speed) { Smoothing = 0.03 }],
        };
    }

    public static BarChart Pairs() => new("Minimal pairs", new("accuracy") { Format = AxisFormat.Percent, Maximum = 1 })
    {
        Categories =
        [
            new("subject–verb, adjacent", "Adjacent"), new("determiner–noun number", "Adjacent"),
            new("noun after a numeral", "Adjacent"), new("past tense form", "Adjacent"),
            new("subject–verb across a distractor", "With a distractor"), new("relative clause", "With a distractor"),
            new("pronoun gender across sentences", "Across sentences"),
            new("who owns what, two sentences on", "Across sentences"),
        ],
        Series =
        [
            new("Llama 2.6M", [.. new[] { .995, .991, .987, .978, .912, .884, .861, .823 }.Select(WithError)]),
            new("Kneser–Ney trigram", [.. new[] { .941, .902, .965, .733, .514, .489, .507, .498 }.Select(WithError)]),
        ],
        References = [new ReferenceLine(0.5, "chance")],
    };

    public static HtmlReport Report()
    {
        var report = new HtmlReport(
            "Cria quickstart",
            "A Llama of 2.6 million parameters learnt to tell stories in three minutes on two CPU cores.");
        report.Tile("bits per byte", "0.471", "trigram 0.920, floor 0.410")
            .Tile("of the way to the floor", Human.Percent(0.881), "from the trigram")
            .Tile("parameters", Human.Count(2_623_488), "4 layers, width 192")
            .Tile("tokens per second", Human.Count(14_812), "71 % of the matmul peak")
            .Tile("training", Human.Duration(TimeSpan.FromSeconds(166)), "2,400 steps");

        report.Section("Learning")
            .Text("Validation bits per byte fall below the trigram within a few hundred steps and close in on " +
                "the entropy of the grammar that wrote the stories, which no model can beat.")
            .Chart(new WayChart(
                "From the trigram to the floor",
                new("Kneser–Ney trigram", .92), new("this model", .471), new("true entropy", .41)))
            .Chart(Loss(AxisKind.Logarithmic))
            .Chart(Loss())
            .Note("Faint: every step. Strong: a Gaussian window of two hundredths of the run.");
        report.Section("Grammar")
            .Text("Each pair differs in one point of grammar; a pair is won when the right one is the likelier.")
            .Chart(Pairs())
            .Table(["phenomenon", "pairs", "Llama 2.6M", "trigram"],
                [["subject–verb, adjacent", "160", "99.5 ± 0.6 %", "94.1 ± 1.9 %"],
                 ["pronoun gender across sentences", "140", "86.1 ± 2.9 %", "50.7 ± 4.2 %"],
                 ["mean of phenomena", "1,200", "92.9 %", "69.4 %"]]);
        report.Section("Samples")
            .Sample("Once upon a time there was a small fox named Pip.",
                " Pip lived in an old mill near the river with his " +
                "sister Wren. One cold morning the two of them found a silver key under the ice.\n\n“Whose key is " +
                "this?” asked Wren. “Let us ask the heron,” said Pip. “She knows every door in the valley.”",
                "temperature 0.8, top-p 0.95, seed 1 · 98.7 % of the words occur in the training text")
            .Sample("The baker & the <dragon>",
                " were friends, though nobody in the village knew it.", "temperature 0.8, seed 2");
        report.Section("Speed").Chart(Speed());
        report.Section("How it was made")
            .Facts("Data", ("stories", "52,310"), ("text", Human.Bytes(10_485_760)),
                ("tokens", Human.Count(2_912_004)), ("bytes per token", "3.60"))
            .Facts("Recipe", ("model", "Llama, 4 × 192, 6 heads"), ("vocabulary", "2,048"),
                ("learning rate", "0.002, cosine to 0.0002"), ("batch", "16 × 256 tokens"))
            .Facts("Machine", ("processor", "Intel Xeon, 2 cores, AVX-512"),
                ("memory", Human.Bytes(8e9)), ("peak memory used", Human.Bytes(412e6)))
            .Facts("Time", ("data and tokenizer", "14.2 s"), ("training", "2 min 46 s"), ("evaluation", "9.1 s"));
        report.Footer = "Cria 0.1.0 · cria quickstart";
        return report;
    }

    static Bar WithError(double p) => new(p, Math.Sqrt(p * (1 - p) / 150));

    static double Fall(int step) => 0.45 + (2.4 * Math.Exp(-step / 60.0)) + (0.7 * Math.Exp(-step / 500.0));

    static double Noise(ref uint state)
    {
        state = (state * 1664525) + 1013904223;
        return (2 * (state >> 8) / (double)(1 << 24)) - 1;
    }
}
