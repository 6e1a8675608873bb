using Cria.Cli.Recipes;
using Cria.Data.Sampling;
using Cria.Engine.Kernels;
using Cria.Engine.Tensors;
using Cria.Interop.HuggingFace;
using Cria.Models;
using Cria.Models.Decoding;
using Cria.Reports;
using Cria.Training;
using Cria.Training.Checkpoints;
using Cria.Training.Observation;
using Cria.Training.Recipes;
using Cria.Training.Stopping;
using Cria.Training.Transfer;

namespace Cria.Cli.Runs;

/// <summary>A run from its recipe to its model: the place where data, model, trainer and formats meet.</summary>
sealed class PretrainRun : IDisposable
{
    readonly RunFolder _folder;
    readonly Validation _validationPass;
    readonly MetricsLog _metrics;
    readonly FolderStore _store;
    readonly Action<string> _tell;
    readonly BestModel? _best;

    /// <param name="recipe">As the user wrote it.</param>
    /// <param name="folder">Opened.</param>
    /// <param name="threads">0 for one a core.</param>
    /// <param name="observers">Who looks on.</param>
    /// <param name="tell">Hears what is being done, a line at a time.</param>
    /// <param name="estimates">Of an earlier run, to be followed in the place of the clock; null follows the recipe.</param>
    public PretrainRun(
        Recipe recipe,
        RunFolder folder,
        int threads,
        IReadOnlyList<IObserver> observers,
        Action<string> tell,
        CancellationToken cancellation,
        IReadOnlyList<StepEstimate>? estimates = null)
    {
        (_folder, _tell) = (folder, tell);
        Teachers = new(recipe);
        recipe = Teachers.Recipe;
        Corpus = new CorpusPreparation(recipe, folder.Data, threads, tell, cancellation).Run();
        Kernels = KernelChoice.Best(threads);
        Recipe = Resolve(recipe, tell);
        Training = new(Recipe, Corpus.Train, Corpus.Tokenizer);
        Teachers.Taught?.Attach(Training.Reader, TokenizerJson.TokenizerHash(Corpus.Tokenizer));
        if (Training.Plan is { } packed)
            tell(packed);
        HeldOut = TokenStreams.Open(Corpus.Validation, Corpus.Tokenizer);
        HeldOutBytes = TokenDocuments.TextBytes(HeldOut, Corpus.Tokenizer);
        Model = ModelCatalog.Create(Recipe.Model, CpuDevice.Instance);
        Model.Parameters.Allocate(withGradients: true);
        Model.Parameters.Initialize(Recipe.Seed, WidthTransfer.Starts(Recipe));
        _store = new(Corpus.TokenizerFiles, Corpus.EndOfText);
        var checkpoints = new CheckpointFolder(folder.Checkpoints, _store, Recipe.Checkpoint);
        var newest = checkpoints.Newest(tell);
        if (newest is null)
            WholeFile.Write(folder.Recipe, RecipeFile.Text(Recipe));
        _metrics = new(folder.Metrics, newest?.State.MetricsLength ?? 0);
        if (_metrics.Missing > 0)
            tell($"{folder.Metrics} lacks {Human.Bytes(_metrics.Missing)} that were there when the checkpoint was written; " +
                "training goes on as if they were, and the curves have a gap");
        Everybody = new([_metrics, .. observers]);
        int length = Recipe.Data.SequenceLength;
        _validationPass = new(Model, HeldOut, HeldOutBytes, length, Validation.RowsFor(Recipe), Recipe.Loss.OnHeldOut(Teachers.Models));
        Hash = ResumeHash.Of(Recipe, HeldOut.ManifestHash, Teachers.Hash());
        if (Recipe.Checkpoint.Best)
            observers =
            [
                _best = new BestModel(folder.Best, _store, Model, Recipe.Checkpoint.BestBy, _validationPass.Tokens, tell), .. observers,
            ];
        TrainerParts parts = new(Model, Training.Reader, _validationPass, Kernels, checkpoints, _metrics, observers)
        {
            Teachers = Teachers.Models,
            Taught = Teachers.Taught,
            Estimates = estimates,
        };
        Trainer = new(Recipe, parts, Hash, Training.Reader.ManifestHash);
        if (newest is { } found)
        {
            Trainer.Resume(found.Folder, IsOfAnEarlierVersion(found.State) ? found.State with { RecipeHash = Hash } : found.State);
            tell($"continuing after step {found.State.Step:N0}");
        }
        _metrics.Cut(); // not before it is clear that this run goes on
    }

    public PreparedCorpus Corpus { get; }

    public Recipe Recipe { get; }

    /// <summary>Of the resolved recipe: what a checkpoint and a result record.</summary>
    public string Hash { get; }

    public IKernels Kernels { get; }

    public ILanguageModel Model { get; }

    public Trainer Trainer { get; }

    /// <summary>Metrics and observers, for what the trainer does not know.</summary>
    public Audience Everybody { get; }

    public TrainingData Training { get; }

    /// <summary>The validation tokens.</summary>
    public ITokenStream HeldOut { get; }

    /// <summary>UTF-8 bytes of the validation text.</summary>
    public long HeldOutBytes { get; }

    /// <summary>Counted FLOPs of a trained token; attention reaches as far as the mean document, at most the window, and where
    /// nothing keeps documents apart as far as the window.</summary>
    public long FlopsPerToken
    {
        get
        {
            int reach = Recipe.Data.Reader.DocumentMasks
                ? (int)Math.Min(Recipe.Data.SequenceLength, Training.TokensPerDocument)
                : Recipe.Data.SequenceLength;
            // A teacher's forward pass is a third of a training step.
            return Recipe.Model.FlopsPerToken(reach) + Teachers.Models.Sum(teacher => teacher.Config.FlopsPerToken(reach) / 3);
        }
    }

    /// <summary>The models that the loss listens to; none for most.</summary>
    public Teachers Teachers { get; }

    /// <summary>Seconds as a budget of time counts them, up to the end of <see cref="Train"/>.</summary>
    public double ClockSeconds { get; private set; }

    string BestWord => Recipe.Checkpoint.BestBy == BestLoss.Distillation ? "distillation loss" : "loss";

    /// <summary>Trains to the end, or until cancelled; the final model is written when the end is reached.</summary>
    public bool Train(CancellationToken cancellation)
    {
        bool finished = Trainer.Run(cancellation);
        if (finished && _best?.Adopt() is { } best)
            _tell($"the model is that of step {best.Step:N0}, whose {BestWord} of {best.Loss:F4} on the validation text is the lowest");
        if (finished && !Directory.Exists(_folder.Model))
            DurableFolder.Write(_folder.Model, temporary =>
            {
                _store.Save(temporary, Model);
                File.WriteAllText(Path.Combine(temporary, ModelCard.FileName), RunCard.Of(Recipe, _folder.Path).Text());
            });
        ClockSeconds = Trainer.Seconds;
        return finished;
    }

    /// <summary>All documents of the validation set as token sequences.</summary>
    public List<int[]> ValidationDocuments() => TokenDocuments.Of(HeldOut);

    /// <summary>Continuations of the recipe's prompts.</summary>
    public List<(string Prompt, string Text)> Sample(IReadOnlyList<string> prompts)
    {
        using var decoder = new Decoder(Model, Kernels);
        var samples = new List<(string, string)>();
        for (int i = 0; i < prompts.Count; i++)
            samples.Add((prompts[i], TextGeneration.Complete(decoder, Corpus.Tokenizer, prompts[i], Recipe.Sample.MaxTokens, new()
            {
                Temperature = Recipe.Sample.Temperature,
                TopK = Recipe.Sample.TopK,
                TopP = Recipe.Sample.TopP,
                RepetitionPenalty = Recipe.Sample.RepetitionPenalty,
                Seed = Recipe.Seed + (ulong)i,
            })));
        return samples;
    }

    public void Dispose()
    {
        try
        {
            Trainer.Dispose(); // it may be writing a checkpoint still, which counts on the metrics
        }
        finally
        {
            _metrics.Dispose();
        }
        _validationPass.Dispose();
        Model.Dispose();
        Teachers.Dispose();
        (Kernels as IDisposable)?.Dispose();
        Training.Dispose();
        (HeldOut as IDisposable)?.Dispose();
    }

    // What hashes recipes in another way is believed where the recipe it wrote beside itself asks for the same run.
    bool IsOfAnEarlierVersion(TrainingState state) => state.Version < TrainingState.CurrentVersion && File.Exists(_folder.Recipe)
        && ResumeHash.Of(Resolve(RecipeFile.Read(_folder.Recipe), static _ => { }), HeldOut.ManifestHash, Teachers.Hash()) == Hash;

    // Everything that was left open, decided: what is written beside the result.
    Recipe Resolve(Recipe recipe, Action<string> tell)
    {
        int vocabulary = Corpus.Tokenizer.VocabSize;
        if (recipe.Model.VocabSize != 0 && recipe.Model.VocabSize < vocabulary)
            throw new ConfigException($"model.vocab_size {recipe.Model.VocabSize} is smaller than the tokenizer's {vocabulary}; leave it out, or make it {vocabulary}.");
        if (recipe.Model is LlamaConfig { PadTokenId: { } pad } && pad == Corpus.Tokenizer.EndOfText)
            throw new ConfigException($"model.pad_token_id {pad} is the token that stands between documents, and the embedding of padding is zero and stays so; " +
                "leave it out, or name a tokenizer that has a token of its own for padding.");
        recipe = BatchSplit.Resolved(recipe with
        {
            Model = recipe.Model.VocabSize == 0 ? recipe.Model with { VocabSize = vocabulary } : recipe.Model,
        });
        if (recipe.Batch.MicroBatchSize == 0 && File.Exists(_folder.Recipe)) // found when the run began; another would round otherwise
            recipe = recipe with { Batch = recipe.Batch with { MicroBatchSize = RecipeFile.Read(_folder.Recipe).Batch.MicroBatchSize } };
        recipe = new MicroBatchSearch(Kernels, AvailableMemory.Now(), Teachers.Models) { Taught = Teachers.Taught }.Resolved(recipe, tell);
        return Stops.Resolved(recipe, tell);
    }
}
