using System.CommandLine;
using Cria.Interop.Checkpoints;

namespace Cria.Cli.Verbs;

/// <summary>The argument that names a model.</summary>
static class Checkpoints
{
    /// <summary>What may stand there.</summary>
    public static string Description =>
        $"The folder of a run, or {string.Join(", ", CheckpointFormats.Readable.Select(format => format.Description))}.";

    public static Argument<string> Argument() => new("CHECKPOINT") { Description = Description };

    /// <summary>One or more.</summary>
    public static Argument<string[]> Several() => new("CHECKPOINT") { Description = Description, Arity = ArgumentArity.OneOrMore };
}
