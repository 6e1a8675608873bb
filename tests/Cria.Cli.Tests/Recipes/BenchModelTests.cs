using Cria.Cli.Recipes;
using Cria.Engine.Tensors;
using Cria.Models;
using Cria.Training.Recipes;

namespace Cria.Cli.Tests.Recipes;

/// <summary>The models that are measured have the sizes that are published beside their figures.</summary>
public sealed class BenchModelTests
{
    [Theory]
    [InlineData("llama-5.8m.yaml", 5_770_496, 16 * 256)]
    [InlineData("llama-1.5m.yaml", 1_468_032, 8 * 256)]
    public void A_measured_model_has_its_published_size(string name, long parameters, int tokensPerStep)
    {
        Recipe recipe = RecipeFile.Read(Path.Combine(Root(), "bench", "models", name));
        using ILanguageModel model = ModelCatalog.Create(recipe.Model, CpuDevice.Instance);
        Assert.Equal(parameters, model.Parameters.Count);
        Assert.Equal(tokensPerStep, recipe.Batch.MicroBatchSize * recipe.Data.SequenceLength);
    }

    static string Root()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Cria.slnx")))
            folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("no Cria.slnx above the tests");
        return folder;
    }
}
