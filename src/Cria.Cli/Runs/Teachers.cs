using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Cria.Data.Tokenizers;
using Cria.Engine.Tensors;
using Cria.Interop;
using Cria.Interop.Checkpoints;
using Cria.Interop.HuggingFace;
using Cria.Models;
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

    /// <param name="recipe">As written.</param>
    /// <exception cref="CheckpointException">One is missing or damaged, or of another tokenizer than the rest.</exception>
    /// <exception cref="ConfigException">One does not suit the recipe's model.</exception>
    public Teachers(Recipe recipe)
    {
        Recipe = recipe;
        try
        {
            foreach (string path in recipe.Loss.TeacherPaths)
                _checkpoints.Add(CheckpointFormats.Open(OpenedModel.Resolve(path)));
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

    /// <summary>Stands for their weights, wherever they lie; empty where there are none.</summary>
    public string Hash() => string.Concat(_models.Select(HashOf));

    public void Dispose()
    {
        foreach (var model in _models)
            model.Dispose();
        foreach (var checkpoint in _checkpoints)
            checkpoint.Dispose();
    }

    void Check(Checkpoint teacher)
    {
        var first = _checkpoints[0];
        if (TokenizerHash(teacher) != TokenizerHash(first))
            throw new CheckpointException($"{teacher.Path} and {first.Path} have different tokenizers, so their predictions cannot be " +
                "averaged; teachers are of one tokenizer.");
        int vocabulary = teacher.Config.VocabSize;
        (string who, int wanted) = Recipe.Model.VocabSize == 0 ? (first.Path, first.Config.VocabSize) : ("model.vocab_size says", Recipe.Model.VocabSize);
        if (vocabulary != wanted)
            throw new ConfigException($"the teacher {teacher.Path} predicts {vocabulary:N0} tokens and {who} {wanted:N0}; teachers and " +
                "student share one vocabulary.");
        int context = teacher.Config.MaxPositionEmbeddings;
        if (context < Recipe.Data.SequenceLength)
            throw new ConfigException($"the teacher {teacher.Path} has a context of {context:N0} tokens, and data.sequence_length is " +
                $"{Recipe.Data.SequenceLength:N0}; make that {context:N0} or less.");
    }

    // A student speaks as its teachers do.
    Recipe WithTheirTokens(Recipe recipe)
    {
        var first = _checkpoints[0];
        string? named = recipe.Tokenizer.Path;
        if (named is not null && TokenizerJson.TokenizerHash(TokenizerFile.Open(named).ToTrainWith()) != TokenizerHash(first))
            throw new ConfigException($"tokenizer.path names {named}, and the teacher {first.Path} was trained with another tokenizer; " +
                "leave tokenizer.path out, and the teacher's is taken.");
        return recipe with
        {
            Tokenizer = recipe.Tokenizer with { Path = recipe.Tokenizer.Path ?? first.Path },
            Model = recipe.Model with { VocabSize = first.Config.VocabSize },
        };
    }

    static string TokenizerHash(Checkpoint teacher) => TokenizerJson.TokenizerHash(teacher.Contents.Tokenizer
        ?? throw new CheckpointException($"the teacher {teacher.Path} has no tokenizer; put its tokenizer.json beside the weights."));

    static string HashOf(ILanguageModel model)
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
