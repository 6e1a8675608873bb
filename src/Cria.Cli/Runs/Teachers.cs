using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Cria.Data.Tokenizers;
using Cria.Engine.Tensors;
using Cria.Interop;
using Cria.Interop.Checkpoints;
using Cria.Interop.HuggingFace;
using Cria.Models;
using Cria.Training;
using Cria.Training.Recipes;

namespace Cria.Cli.Runs;

/// <summary>
/// The trained models that a recipe's loss names, ready to run, without gradients. Everything that makes one unfit is said when they
/// are opened, before any other work.
/// </summary>
sealed class Teachers : IDisposable
{
    readonly List<Checkpoint> _checkpoints = [];
    readonly List<ILanguageModel> _models = [];
    readonly OpenedPredictions? _said;

    /// <param name="recipe">As written.</param>
    /// <exception cref="CheckpointException">One is missing or damaged, or of another tokenizer than the rest.</exception>
    /// <exception cref="ConfigException">One does not suit the recipe's model.</exception>
    public Teachers(Recipe recipe)
    {
        try
        {
            _said = OpenedPredictions.Of(recipe);
            Recipe = _said?.With(recipe) ?? recipe;
            foreach (string path in recipe.Loss.TeacherPaths)
                _checkpoints.Add(Open(path));
            if (_checkpoints.Count == 0)
                return;
            foreach (var checkpoint in _checkpoints)
                Check(checkpoint);
            Recipe = WithTheirTokens(recipe);
            foreach (var checkpoint in _checkpoints)
                _models.Add(checkpoint.Model(CpuDevice.Instance));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>With the teachers' tokenizer and size of vocabulary, where it leaves them open.</summary>
    public Recipe Recipe { get; }

    public IReadOnlyList<ILanguageModel> Models => _models;

    /// <summary>What they said beforehand, where the recipe's loss reads that from a file.</summary>
    public TaughtWindows? Taught => _said?.Windows;

    /// <summary>Stands for their weights or for what they said, wherever it lies; empty where there are none.</summary>
    public string Hash() => _said?.Hash ?? string.Concat(_models.Select(HashOf));

    public void Dispose()
    {
        foreach (var model in _models)
            model.Dispose();
        foreach (var checkpoint in _checkpoints)
            checkpoint.Dispose();
        _said?.Dispose();
    }

    void Check(Checkpoint teacher)
    {
        var first = _checkpoints[0];
        if (TokenizerHash(teacher) != TokenizerHash(first))
            throw new CheckpointException($"{teacher.Path} and {first.Path} have different tokenizers: " +
                $"{TokenizerDifference.Of(Tokenizer(teacher), Tokenizer(first))}. A prediction is a number for each token, so theirs cannot be " +
                "averaged; teachers are of one tokenizer.");
        TeacherFit.Check(Recipe, teacher.Path, teacher.Config, first.Path, first.Config);
    }

    static Checkpoint Open(string path) => TeacherFit.IsRecipe(path)
        ? throw new CheckpointException($"the teacher {path} is a recipe, with which cria plan can plan; to learn from what it makes, train it " +
            "first (cria train) and name the run's folder.")
        : CheckpointFormats.Open(OpenedModel.Resolve(path));

    // A student speaks as its teachers do.
    Recipe WithTheirTokens(Recipe recipe)
    {
        var first = _checkpoints[0];
        string? named = recipe.Tokenizer.Path;
        if (named is not null && TokenizerFile.Open(named).ToTrainWith() is var own
            && TokenizerJson.TokenizerHash(own) != TokenizerHash(first))
            throw new ConfigException($"tokenizer.path names {named}, and the teacher {first.Path} was trained with another tokenizer: " +
                $"{TokenizerDifference.Of(own, Tokenizer(first))}. What it says of its tokens says nothing of others; leave tokenizer.path out, " +
                "and the teacher's is taken.");
        return recipe with
        {
            Tokenizer = recipe.Tokenizer with { Path = recipe.Tokenizer.Path ?? first.Path },
            Model = recipe.Model with { VocabSize = first.Config.VocabSize },
        };
    }

    static string TokenizerHash(Checkpoint teacher) => TokenizerJson.TokenizerHash(Tokenizer(teacher));

    static ITokenizer Tokenizer(Checkpoint teacher) => teacher.Contents.Tokenizer
        ?? throw new CheckpointException($"the teacher {teacher.Path} has no tokenizer; put its tokenizer.json beside the weights.");

    /// <summary>Stands for a model's weights.</summary>
    public static string HashOf(ILanguageModel model)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var parameter in model.Parameters.Parameters)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{parameter.Name}{parameter.Shape}\n"));
            hash.AppendData(MemoryMarshal.AsBytes(parameter.Data.Span<float>()));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
