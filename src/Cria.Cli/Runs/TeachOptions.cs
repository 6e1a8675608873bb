using Cria.Data.Predictions;
using Cria.Data.Sampling;
using Cria.Engine.Graphs.Ops;

namespace Cria.Cli.Runs;

/// <summary>Who is asked what, and what is kept of the answers.</summary>
sealed record TeachOptions
{
    /// <summary>Trained models of one tokenizer.</summary>
    public required IReadOnlyList<string> Teachers { get; init; }

    /// <summary>Of each in the mean; empty weighs all alike.</summary>
    public IReadOnlyList<double> Weights { get; init; } = [];

    /// <summary>Of what.</summary>
    public EnsembleMean Mean { get; init; }

    /// <summary>Shards, or token files of other programs.</summary>
    public required string Data { get; init; }

    /// <summary>T</summary>
    public required int SequenceLength { get; init; }

    /// <summary>How many windows to ask of, drawn as training's reader draws them; 0 for all.</summary>
    public int Subset { get; init; }

    public ulong SubsetSeed { get; init; } = new SampleOptions().SubsetSeed;

    /// <summary>Whether a teacher sees no other document.</summary>
    public bool DocumentMasks { get; init; } = true;

    public float Temperature { get; init; } = 1;

    public required TokenChoice Choice { get; init; }

    /// <summary>Whether logarithms are kept in 16 bits.</summary>
    public bool IsHalf { get; init; } = true;

    /// <summary>The file to be made.</summary>
    public required string Out { get; init; }

    public int Threads { get; init; } = 1;
}
