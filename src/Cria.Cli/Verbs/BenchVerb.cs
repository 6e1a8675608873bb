using System.CommandLine;
using Cria.Cli.Frame;
using Cria.Cli.Verbs.Benches;

namespace Cria.Cli.Verbs;

/// <summary><c>cria bench</c>: the machine's ceiling and our share of it, both from one run.</summary>
static class BenchVerb
{
    public static Command Create() => new Verb("bench", "Measure whole training steps and what they are made of.", "cria bench step")
    {
        BenchMatMulVerb.Create(),
        BenchStepVerb.Create(),
        BenchLoopVerb.Create(),
        BenchAttentionVerb.Create(),
        BenchDecodeVerb.Create(),
        BenchOptimizersVerb.Create(),
        BenchOpsVerb.Create(),
        BenchTokenizerVerb.Create(),
        BenchReadingVerb.Create(),
        BenchPackVerb.Create(),
        BenchLittleDataVerb.Create(),
    };

    /// <summary>The option of every bench that holds us against a BLAS.</summary>
    public static Option<string?> Blas() => new("--blas")
    {
        HelpName = "PATH",
        Description = "A CBLAS to compare with; the first that is installed if not given.",
    };

    /// <summary>The option of benches that write: a folder that must not exist, in the system's temporary one if not given.</summary>
    public static Option<string> Scratch(string description, string name) => new("--scratch")
    {
        HelpName = "DIR",
        Description = description,
        DefaultValueFactory = _ => Path.Combine(Path.GetTempPath(), name),
    };
}
