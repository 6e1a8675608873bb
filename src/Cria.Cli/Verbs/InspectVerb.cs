using System.CommandLine;
using System.Globalization;
using Cria.Cli.Corpora;
using Cria.Cli.Frame;
using Cria.Cli.Recipes;
using Cria.Cli.Runs;
using Cria.Data.Corpora;
using Cria.Data.Predictions;
using Cria.Data.Shards;
using Cria.Data.Shards.Foreign;
using Cria.Engine.Tensors;
using Cria.Interop;
using Cria.Interop.Checkpoints;
using Cria.Interop.HuggingFace;
using Cria.Models;
using Cria.Reports;
using Cria.Training;
using Cria.Training.Stopping;

namespace Cria.Cli.Verbs;

/// <summary><c>cria inspect</c>: what a path is, in words.</summary>
static class InspectVerb
{
    static readonly Argument<string> Target = new("PATH")
    {
        Description = "A checkpoint of any format, a run, corpus, recipe of either, tokenizer, shard set, safetensors or token file, or a file of teachers' predictions.",
    };

    static readonly Option<string?> Tokenizer = new("--tokenizer")
    {
        HelpName = "FILE|DIR",
        Description = "What made token files of other programs, which do not say it: then their documents are counted.",
    };

    public static Command Create() => new Verb(
        "inspect",
        "Say what a file or folder holds.",
        "cria inspect recipes/quickstart.yaml --json")
    {
        Target, Tokenizer, GlobalOptions.Json,
    }.Does(Run);

    static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        string path = parsed.GetRequiredValue(Target);
        var facts = IsTokenFiles(path) ? TokenFileFacts.Of(path, parsed.GetValue(Tokenizer)) : Facts(path);
        if (parsed.GetValue(Tokenizer) is not null && !IsTokenFiles(path))
            throw new UsageException($"--tokenizer is for token files of other programs, and {path} is none; leave it out.");
        if (parsed.GetValue(GlobalOptions.Json))
            Output.Json(facts);
        else
            foreach (var (name, value) in facts)
                Output.Line($"{name.Replace('_', ' '),-22} {Text(value)}");
        return 0;
    }

    // Shards, runs, checkpoints and tokenizers may have .bin files too.
    static bool IsTokenFiles(string path) =>
        TokenFileSet.Has(path) && CheckpointFormats.Find(path) is null && !File.Exists(new RunFiles(path).Recipe)
        && !File.Exists(Path.Combine(path, ShardManifest.FileName)) && !(Directory.Exists(path) && TokenizerFile.Find(path) is not null);

    static Dictionary<string, object?> Facts(string path)
    {
        if (PredictionFile.Is(path))
            return OfPredictions(path);
        if (File.Exists(path))
            return Path.GetExtension(path) switch
            {
                ".yaml" or ".yml" => RecipeFile.Look(path) is CorpusRecipe corpus ? CorpusFacts.Of(corpus) : OfRecipe(path),
                ".safetensors" when !File.Exists(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, ConfigJson.FileName)) => OfTensors(path),
                // Of a file by such a name that is none, the reader of checkpoints says why.
                ".safetensors" or ".gguf" or ".bin" => OfCheckpoint(path),
                _ => CheckpointFormats.Find(path) is null ? OfTokenizer(path) : OfCheckpoint(path),
            };
        if (!Directory.Exists(path))
            throw new UsageException($"{path} does not exist.");
        if (File.Exists(new RunFiles(path).Recipe))
            return RecipeFile.Look(new RunFiles(path).Recipe) is CorpusRecipe corpus ? CorpusFacts.Of(corpus, path) : OfRun(path);
        if (File.Exists(Path.Combine(path, ShardManifest.FileName)))
            return OfShards(path);
        if (CheckpointFormats.Find(path) is not null)
            return OfCheckpoint(path);
        if (TokenizerFile.Find(path) is not null)
            return OfTokenizer(path);
        throw new UsageException($"{path} is neither a checkpoint, a run, a shard set, token files nor a tokenizer.");
    }

    static Dictionary<string, object?> OfRecipe(string path)
    {
        var recipe = RecipeFile.Read(path, []).WithVocabulary();
        var facts = OfModel(recipe.Model, "recipe");
        facts["name"] = recipe.Name;
        long tokensPerStep = BatchSplit.TokensPerStep(recipe);
        if (Stops.Steps(recipe, tokensPerStep) is { } steps)
            facts["steps"] = steps;
        else
            facts["time"] = Human.Duration(recipe.Stop!.Time!.Value);
        facts["tokens_per_step"] = tokensPerStep;
        facts["flops_per_token"] = recipe.Model.FlopsPerToken(recipe.Data.SequenceLength);
        return facts;
    }

    static Dictionary<string, object?> OfModel(ModelConfig config, string kind)
    {
        using var model = ModelCatalog.Create(config, CpuDevice.Instance); // recorded, not allocated
        var facts = new Dictionary<string, object?>
        {
            ["kind"] = kind,
            ["model_type"] = config.ModelType,
            ["parameters"] = model.Parameters.Count,
        };
        if (model.PositionEmbedding is { } positions)
            facts["parameters_without_positions"] = model.Parameters.Count - positions.Shape.Length;
        facts["vocab_size"] = config.VocabSize;
        facts["hidden_size"] = config.HiddenSize;
        facts["num_hidden_layers"] = config.NumHiddenLayers;
        facts["max_position_embeddings"] = config.MaxPositionEmbeddings;
        return facts;
    }

    static Dictionary<string, object?> OfPredictions(string path)
    {
        using var file = PredictionFile.Open(path);
        var header = file.Header;
        return new()
        {
            ["kind"] = "teachers' predictions",
            ["teachers"] = header.Teachers.Select(teacher => teacher.Name),
            ["average"] = header.Average,
            ["temperature"] = (double)header.Temperature,
            ["kept"] = header.Choice.Words,
            ["vocab_size"] = header.VocabSize,
            ["sequence_length"] = header.SequenceLength,
            ["windows"] = header.Windows,
            ["subset"] = header.Subset,
            ["document_masks"] = header.DocumentMasks,
            ["data_sha256"] = header.DataSha256,
            ["tokenizer_sha256"] = header.TokenizerSha256,
            ["sha256"] = file.Sha256,
            ["bytes"] = file.SizeInBytes,
        };
    }

    static Dictionary<string, object?> OfCheckpoint(string path)
    {
        using var checkpoint = CheckpointFormats.Open(path);
        var facts = OfModel(checkpoint.Config, "checkpoint");
        facts["format"] = CheckpointFormats.Find(path)!.Name;
        facts["weights"] = checkpoint.WeightTypes;
        facts["bytes"] = checkpoint.WeightBytes;
        facts["tokenizer"] = checkpoint.Contents.Files.ContainsKey(TokenizerJson.FileName);
        string state = Path.Combine(path, "training", "state.json");
        if (File.Exists(state))
            facts["step"] = Training.Checkpoints.TrainingState.Read(state).Step;
        if (File.Exists(Path.Combine(path, "hashes.json")))
            facts["damage"] = Training.Checkpoints.DurableFolder.Damage(path) ?? "none";
        return facts;
    }

    static Dictionary<string, object?> OfRun(string path)
    {
        var facts = OfRecipe(new RunFiles(path).Recipe);
        facts["kind"] = "run";
        string log = new RunFiles(path).Metrics;
        var metrics = File.Exists(log) ? MetricsFile.Read(log) : new();
        facts["steps_done"] = metrics.Loss.Count == 0 ? 0 : (int)metrics.Loss[^1].X;
        facts["last_loss"] = metrics.Loss.Count == 0 ? null : metrics.Loss[^1].Y;
        facts["validation_loss"] = metrics.Validation.Count == 0 ? null : metrics.Validation[^1].Y;
        facts["training_time"] = Human.Duration(TimeSpan.FromSeconds(metrics.Seconds));
        facts["finished"] = Directory.Exists(new RunFiles(path).Model);
        return facts;
    }

    static Dictionary<string, object?> OfShards(string path)
    {
        using var set = ShardSet.Open(path);
        return new()
        {
            ["kind"] = "shards",
            ["tokens"] = set.Tokens,
            ["documents"] = set.Manifest.Documents,
            ["text_bytes"] = set.Manifest.TextBytes,
            ["vocab_size"] = set.Manifest.VocabSize,
            ["end_of_text"] = set.Manifest.EndOfText,
            ["bytes_per_token"] = set.Manifest.BytesPerToken,
            ["bytes"] = set.Bytes,
            ["has_index"] = set.Manifest.HasIndex,
            ["shards"] = set.Manifest.Shards.Count,
            ["tokenizer_sha256"] = set.Manifest.TokenizerSha256,
        };
    }

    static Dictionary<string, object?> OfTokenizer(string path)
    {
        var file = TokenizerFile.Open(path);
        return new()
        {
            ["kind"] = "tokenizer",
            ["format"] = file.Format,
            ["vocab_size"] = file.Tokenizer.VocabSize,
            ["end_of_text"] = file.Tokenizer.EndOfText,
        };
    }

    static Dictionary<string, object?> OfTensors(string path)
    {
        using var file = new SafetensorsReader(path);
        return new()
        {
            ["kind"] = "safetensors",
            ["tensors"] = file.Entries.Count,
            ["parameters"] = file.Entries.Values.Sum(entry => entry.Length),
            ["bytes"] = file.Entries.Values.Sum(entry => entry.Bytes),
        };
    }

    static string Text(object? value) => value switch
    {
        null => "–",
        long number => number.ToString("N0", CultureInfo.InvariantCulture),
        int number => number.ToString("N0", CultureInfo.InvariantCulture),
        double number => number.ToString("F4", CultureInfo.InvariantCulture),
        IEnumerable<string> list => string.Join(", ", list),
        bool yes => yes ? "yes" : "no",
        _ => value.ToString() ?? "",
    };
}
