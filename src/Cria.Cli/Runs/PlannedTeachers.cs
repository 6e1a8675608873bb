using Cria.Cli.Frame;
using Cria.Cli.Recipes;
using Cria.Engine.Tensors;
using Cria.Interop.Checkpoints;
using Cria.Models;
using Cria.Training.Recipes;

namespace Cria.Cli.Runs;

/// <summary>
/// The models that a recipe's loss names, as far as a plan needs them: their sizes, without weights. One that is trained is named as
/// for training, one that is not by the recipe that is to make it.
/// </summary>
sealed class PlannedTeachers : IDisposable
{
    readonly List<ILanguageModel> _models = [];

    /// <param name="recipe">As written.</param>
    /// <exception cref="CheckpointException">One is neither there nor a recipe.</exception>
    /// <exception cref="ConfigException">One does not suit the recipe's model.</exception>
    public PlannedTeachers(Recipe recipe)
    {
        Paths = recipe.Loss.TeacherPaths;
        try
        {
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

    /// <summary>Gives them memory and random weights, with which they take as long as trained ones.</summary>
    public void Randomize(ulong seed)
    {
        for (int i = 0; i < _models.Count; i++)
        {
            _models[i].Parameters.Allocate(withGradients: false);
            _models[i].Parameters.Initialize(seed + (ulong)i);
        }
    }

    public void Dispose()
    {
        foreach (var model in _models)
            model.Dispose();
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
