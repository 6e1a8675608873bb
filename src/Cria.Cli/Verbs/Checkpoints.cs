using System.CommandLine;

namespace Cria.Cli.Verbs;

/// <summary>The argument that names a model.</summary>
static class Checkpoints
{
    public static Argument<string> Argument() => new("CHECKPOINT") { Description = "A Hugging Face folder, or the folder of a run." };
}
