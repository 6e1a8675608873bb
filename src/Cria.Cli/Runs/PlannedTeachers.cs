using Cria.Cli.Frame;
using Cria.Cli.Recipes;
using Cria.Engine.Tensors;
using Cria.Interop.Checkpoints;
using Cria.Models;
using Cria.Training;
using Cria.Training.Recipes;

namespace Cria.Cli.Runs;

/// <summary>
/// The models that a recipe's loss names, as far as a plan needs them: their sizes, without weights. One that is trained is named as
/// for training, one that is not by the recipe that is to make it.
/// </summary>
sealed class PlannedTeachers : IDisposable
{
    /// <summary>Numbers that <see cref="Randomize"/> draws of a parameter; longer ones repeat them.</summary>
    const int Drawn = 1 << 13;

    readonly List<ILanguageModel> _models = [];
    readonly OpenedPredictions? _said;

    /// <param name="recipe">As written.</param>
    /// <exception cref="CheckpointException">One is neither there nor a recipe.</exception>
    /// <exception cref="ConfigException">One does not suit the recipe's model.</exception>
    public PlannedTeachers(Recipe recipe)
    {
        Paths = recipe.Loss.TeacherPaths;
        try
        {
            _said = OpenedPredictions.Of(recipe);
            recipe = _said?.With(recipe) ?? recipe;
            foreach (string path in Paths)
                _models.Add(ModelCatalog.Create(ConfigOf(path), CpuDevice.Instance));
            for (int i = 0; i < _models.Count; i++)
                TeacherFit.Check(recipe, Paths[i], _models[i].Config, Paths[0], _models[0].Config);
        }
        catch
        {
            Dispose();
            throw;
        }
        Recipe = _models.Count == 0 ? recipe : recipe with { Model = recipe.Model with { VocabSize = _models[0].Config.VocabSize } };
    }

    /// <summary>With the teachers' size of vocabulary, where it leaves that open.</summary>
    public Recipe Recipe { get; }

    /// <summary>As the recipe names them.</summary>
    public IReadOnlyList<string> Paths { get; }

    /// <summary>Without memory, until <see cref="Randomize"/>.</summary>
    public IReadOnlyList<ILanguageModel> Models => _models;

    /// <summary>What they said beforehand, where the recipe's loss reads that from a file.</summary>
    public TaughtWindows? Taught => _said?.Windows;

    /// <summary>Gives them memory and weights as their recipes begin with, but for long ones that repeat themselves: with these a model
    /// takes as long as trained, and a milliard of them is there in seconds.</summary>
    public void Randomize(ulong seed)
    {
        double[] drawn = new double[Drawn];
        foreach (var store in _models.Select(model => model.Parameters))
        {
            store.Allocate(withGradients: false);
            foreach (var parameter in store.Parameters)
            {
                var random = Philox.For(seed, parameter.Name);
                for (int i = 0; i < Math.Min(Drawn, parameter.Shape.Length); i++)
                    drawn[i] = parameter.Initializer.At(random, (ulong)i);
                for (long start = 0; start < parameter.Shape.Length; start += Drawn)
                    store.Write(parameter, drawn.AsSpan(0, (int)Math.Min(Drawn, parameter.Shape.Length - start)), start);
            }
        }
    }

    public void Dispose()
    {
        foreach (var model in _models)
            model.Dispose();
        _said?.Dispose();
    }

    static ModelConfig ConfigOf(string path)
    {
        if (!Path.Exists(path))
            throw new CheckpointException($"the teacher {path} does not exist; to plan before it is trained, name the recipe that is to make it, " +
                "such as --set loss.teachers=[recipes/babyllama/gpt-705M.yaml].");
        if (!TeacherFit.IsRecipe(path))
        {
            using var checkpoint = CheckpointFormats.Open(OpenedModel.Resolve(path));
            return checkpoint.Config;
        }
        if (RecipeFile.Look(path) is not Recipe recipe)
            throw new UsageException($"the teacher {path} is the recipe of a corpus; name a model's.");
        var config = recipe.WithVocabulary().Model;
        config.Validate();
        return config;
    }
}
