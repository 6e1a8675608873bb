using Cria.Data.Readers;
using Cria.Data.Sampling;
using Cria.Engine.Tensors;
using Cria.Models;
using Cria.Training.Averaging;
using Cria.Training.Optimizers;
using Cria.Training.Schedules;
using Cria.Training.Stopping;

namespace Cria.Training.Recipes;

/// <summary>
/// A whole run as data: what a recipe file says and what the C# API takes. Immutable; variants by <c>with</c>; written
/// out resolved beside every result.
/// </summary>
public sealed record Recipe
{
    public const int NewestVersion = 2;

    /// <summary>Of the defaults: in version 1 embeddings decay as matrices do.</summary>
    public int Version { get; init; } = NewestVersion;

    public required string Name { get; init; }

    public ulong Seed { get; init; } = 1;

    public required ModelConfig Model { get; init; }

    public TokenizerRecipe Tokenizer { get; init; } = new();

    public required DataRecipe Data { get; init; }

    public BatchRecipe Batch { get; init; } = new();

    /// <summary>Optimizer steps; 0 where <see cref="Stop"/> says when the run ends.</summary>
    public int Steps { get; init; }

    /// <summary>When the run ends, in the place of <see cref="Steps"/>: after so many tokens, or so much time.</summary>
    public StopRecipe? Stop { get; init; }

    /// <summary>What training makes small.</summary>
    public LossRecipe Loss { get; init; } = new CrossEntropyRecipe();

    /// <summary>Several models one after the other, each the student of those before; null trains one.</summary>
    public ChainRecipe? Chain { get; init; }

    public OptimizerRecipe Optimizer { get; init; } = new AdamWRecipe();

    /// <summary>Where the numbers above were found at another width.</summary>
    public MupRecipe? Mup { get; init; }

    public PrecisionRecipe Precision { get; init; } = new();

    public ScheduleRecipe Schedule { get; init; } = new CosineRecipe();

    /// <summary>Averages of the weights, kept and evaluated beside them.</summary>
    public AverageRecipe[] Average { get; init; } = [];

    public EvaluateRecipe Evaluate { get; init; } = new();

    public CheckpointRecipe Checkpoint { get; init; } = new();

    public GuardRecipe Guard { get; init; } = new();

    /// <summary>Whether a copy of weights and optimizer state is kept in memory: what is written while training goes on, and
    /// what a run that diverges goes back to.</summary>
    public bool KeepsSnapshot() => Checkpoint.Background || Guard.MaxRollbacks > 0;

    public SampleRecipe Sample { get; init; } = new();

    public MetricsRecipe Metrics { get; init; } = new();
}

/// <summary>A tokenizer to load, or to train on the run's own training text.</summary>
public sealed record TokenizerRecipe
{
    /// <summary>A tokenizer file of any kind that is known, or its folder; null trains one.</summary>
    public string? Path { get; init; }

    /// <summary>The size of a tokenizer to train, special tokens included.</summary>
    public int VocabSize { get; init; } = 4096;
}

public sealed record DataRecipe
{
    /// <summary>Texts of any format that is read, or one shard folder, or the token files of another program (.bin), a folder or
    /// a pattern of them; empty where <see cref="Synth"/> makes the text.</summary>
    public string[] Train { get; init; } = [];

    /// <summary>The same for validation; empty splits <see cref="ValidationFraction"/> of the documents off.</summary>
    public string[] Validation { get; init; } = [];

    /// <inheritdoc cref="ReaderOptions.TextField"/>
    public string TextColumn { get; init; } = new ReaderOptions().TextField;

    /// <inheritdoc cref="ReaderOptions.Separator"/>
    public string Separator { get; init; } = new ReaderOptions().Separator;

    public SynthRecipe? Synth { get; init; }

    /// <summary>The share of documents to hold out where no validation files are given.</summary>
    public double ValidationFraction { get; init; } = 0.01;

    /// <summary>T</summary>
    public int SequenceLength { get; init; } = 256;

    /// <summary>Several shard folders or token files to draw from by weight, in the place of <see cref="Train"/>; all of one tokenizer.</summary>
    public MixtureRecipe[] Mixture { get; init; } = [];

    /// <summary>Which samples training reads, in which order.</summary>
    public SampleOptions Reader { get; init; } = new();
}

/// <summary>One source of a mixture.</summary>
public sealed record MixtureRecipe
{
    /// <summary>A shard folder, or the token files of another program.</summary>
    public required string Train { get; init; }

    /// <summary>How often samples come from here, in proportion to the other sources' weights.</summary>
    public required double Weight { get; init; }
}

/// <summary>The embedded story generator as a source of text.</summary>
public sealed record SynthRecipe
{
    public int Stories { get; init; } = 10_000;

    public int ValidationStories { get; init; } = 400;

    public ulong Seed { get; init; } = 1;
}

public sealed record BatchRecipe
{
    /// <summary>B: sequences in one forward; 0 finds it from the memory of the machine and <see cref="TokensPerStep"/>.</summary>
    public int MicroBatchSize { get; init; } = 8;

    /// <summary>B · T · accumulation; 0 means one micro-batch.</summary>
    public int TokensPerStep { get; init; }

    /// <summary>Run norms and activations again in backward instead of keeping their outputs.</summary>
    public bool Recompute { get; init; }
}

/// <summary>
/// In which types a run computes and keeps its numbers. Masters of the weights, gradients, norms, sums and losses are F32 whatever
/// this says.
/// </summary>
public sealed record PrecisionRecipe
{
    /// <summary>What products are computed in.</summary>
    public Storage Compute { get; init; }

    /// <summary>Forward values that wait for backward.</summary>
    public Storage Activations { get; init; }

    /// <summary>The optimizer's moments, rounded stochastically.</summary>
    public Storage Moments { get; init; }
}

public sealed record EvaluateRecipe
{
    /// <summary>Steps between evaluations on the validation set; 0 evaluates at the end only.</summary>
    public int Every { get; init; } = 100;

    /// <summary>Tokens of the validation set to use during training, from its beginning; 0 takes all. The end takes all.</summary>
    public int Tokens { get; init; } = 65_536;
}

/// <summary>Which of the losses on the validation text says what is best.</summary>
public enum BestLoss
{
    /// <summary>That of the next token.</summary>
    CrossEntropy,

    /// <summary>That of the training, with its teachers' part: what the published BabyLlama is chosen by.</summary>
    Distillation,
}

public sealed record CheckpointRecipe
{
    /// <summary>Steps between checkpoints; 0 saves at the end only.</summary>
    public int Every { get; init; } = 500;

    /// <summary>How many of the newest to keep, beside those that are kept for good.</summary>
    public int Keep { get; init; } = 2;

    /// <summary>The run's model is the one of its best evaluation, and not of its last; evaluations must be of all tokens.</summary>
    public bool Best { get; init; }

    /// <summary>Of the loss of which evaluation it is the best.</summary>
    public BestLoss BestBy { get; init; }

    /// <summary>Steps between checkpoints that are kept for good; 0 keeps none so.</summary>
    public int PermanentEvery { get; init; }

    /// <summary>Steps whose checkpoints are kept for good.</summary>
    public int[] PermanentAt { get; init; } = [];

    /// <summary>Write while training goes on, from a copy in memory; false waits for the disk.</summary>
    public bool Background { get; init; } = true;

    public bool IsDue(int step) => (Every > 0 && step % Every == 0) || IsPermanent(step);

    public bool IsPermanent(int step) => (PermanentEvery > 0 && step % PermanentEvery == 0) || PermanentAt.Contains(step);
}

public sealed record SampleRecipe
{
    public string[] Prompts { get; init; } = [];

    /// <summary>Steps between samples while the run trains, at an evaluation; 0 samples at the end only.</summary>
    public int Every { get; init; }

    public int MaxTokens { get; init; } = 160;

    public float Temperature { get; init; } = 0.7f;

    public int TopK { get; init; }

    public float TopP { get; init; } = 0.95f;

    public float RepetitionPenalty { get; init; } = 1;
}

/// <summary>What is measured beside every step's own numbers. It changes no number of the training.</summary>
public sealed record MetricsRecipe
{
    /// <summary>Steps between the norms of weights, gradients and updates; 0 takes none.</summary>
    public int NormsEvery { get; init; } = 50;
}
