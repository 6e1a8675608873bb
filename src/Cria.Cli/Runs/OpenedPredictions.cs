using Cria.Data.Predictions;
using Cria.Engine.Tensors;
using Cria.Models;
using Cria.Training;
using Cria.Training.Recipes;

namespace Cria.Cli.Runs;

/// <summary>The file of what teachers said that a recipe's loss names.</summary>
sealed class OpenedPredictions : IDisposable
{
    readonly PredictionFile _file;

    OpenedPredictions(PredictionFile file) => (_file, Windows) = (file, new(file));

    public TaughtWindows Windows { get; }

    /// <summary>Stands for all that the file holds.</summary>
    public string Hash => _file.Sha256;

    /// <summary>Null where the recipe names none.</summary>
    /// <exception cref="Data.DataException">There is no such file, or it is damaged.</exception>
    /// <exception cref="ConfigException">It does not fit the recipe.</exception>
    public static OpenedPredictions? Of(Recipe recipe)
    {
        if (recipe.Loss.TaughtPath is not { } path)
            return null;
        var file = PredictionFile.Open(path);
        try
        {
            OpenedPredictions opened = new(file);
            opened.Windows.Check(recipe);
            return opened;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>A recipe with the file's size of vocabulary.</summary>
    public Recipe With(Recipe recipe) => recipe with { Model = recipe.Model with { VocabSize = Windows.VocabSize } };

    public void Dispose() => _file.Dispose();
}
