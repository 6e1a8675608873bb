using Cria.Cli.Recipes;
using Cria.Engine.Graphs.Ops;
using Cria.Engine.Tensors;
using Cria.Models;
using Cria.Models.Losses;
using Cria.Training.Recipes;

namespace Cria.Cli.Tests.Recipes;

/// <summary>BabyLlama's recipes, the published ones and those in small: what they must have in common, and what tells them apart.</summary>
public sealed class BabyLlamaRecipeTests
{
    static readonly string Folder = Path.Combine(LauncherTests.RepositoryRoot(), "recipes", "babyllama");

    /// <summary>Name, micro-batch, its tokens a step in sequences, rate, warm-up, decay.</summary>
    public static TheoryData<string, int, int, float, int, float> Published => new()
    {
        { "llama-16M", 128, 128, 3e-4f, 300, 0 },
        { "llama-360M", 16, 128, 3e-4f, 300, 0 },
        { "gpt-705M", 8, 128, 2.5e-4f, 300, 0 },
        { "llama-95M", 16, 128, 3e-4f, 300, 0 },
        { "llama-97M", 64, 128, 7e-4f, 300, 0 },
        { "gpt-97M", 64, 128, 7e-4f, 300, 0 },
        { "gpt-j-97M", 64, 128, 7e-4f, 300, 0 },
        { "llama-95M-strict", 64, 128, 7e-4f, 300, 0 },
        { "llama-97M-strict", 64, 128, 7e-4f, 300, 0 },
        { "llama-bigger-strict", 64, 128, 7e-4f, 300, 0 },
        { "gpt-97M-strict", 64, 128, 7e-4f, 300, 0 },
        { "gpt-j-97M-strict", 64, 128, 7e-4f, 300, 0 },
        { "student-58M", 32, 32, 2.5e-4f, 200, 0.1f },
    };

    [Theory]
    [MemberData(nameof(Published))]
    public void A_recipe_has_the_published_batch_rate_and_decay_and_the_tokenizer_of_all(
        string name, int microBatch, int sequences, float rate, int warmup, float decay)
    {
        Recipe recipe = Read($"{name}.yaml");
        RecipeRules.Check(recipe);
        Assert.Equal(name, recipe.Name);
        Assert.Equal((microBatch, sequences * 128), (recipe.Batch.MicroBatchSize, recipe.Batch.TokensPerStep));
        Assert.Equal(128, recipe.Data.SequenceLength);
        Assert.Equal((rate, decay), (recipe.Optimizer.LearningRate, recipe.Optimizer.WeightDecay));
        Assert.Equal(warmup, recipe.Schedule.WarmupSteps);
        Assert.Equal(("random_chunk", false), (recipe.Data.Reader.Type, recipe.Data.Reader.DocumentMasks));
        Assert.EndsWith("data/babyllama/tokenizer", recipe.Tokenizer.Path!.Replace('\\', '/'), StringComparison.Ordinal);
        Assert.Equal(name.EndsWith("strict", StringComparison.Ordinal) ? "train-100M" : "train-10M", Path.GetFileName(recipe.Data.Train.Single()));
        if (recipe.Model is LlamaConfig llama)
            Assert.Equal(0, llama.PadTokenId);
    }

    [Fact]
    public void The_student_learns_from_both_teachers_as_published()
    {
        Recipe student = Read("student-58M.yaml");
        var loss = Assert.IsType<DistillationRecipe>(student.Loss);
        Assert.Equal((0.5f, 2f), (loss.Alpha, loss.Temperature));
        Assert.Equal((EnsembleMean.Logits, DivergenceReduction.Sequences), (loss.Average, loss.Reduction));
        string[] names = [.. loss.Teachers.Select(path => Path.GetFileName(path)!)];
        Assert.Equal(["llama-360M", "gpt-705M"], names);
        foreach (string name in names) // where `cria train` leaves them
            Assert.Equal((name, student.Model.VocabSize), (Read($"{name}.yaml").Name, Read($"{name}.yaml").Model.VocabSize));
    }

    [Fact]
    public void In_small_the_student_is_smaller_than_its_teachers_of_two_architectures()
    {
        Recipe student = Read("small/student-1M.yaml");
        RecipeRules.Check(student);
        var loss = Assert.IsType<DistillationRecipe>(student.Loss);
        Assert.Equal((0.5f, 2f, DivergenceReduction.Sequences), (loss.Alpha, loss.Temperature, loss.Reduction));
        Recipe[] teachers = [.. loss.Teachers.Select(path => Read($"small/{Path.GetFileName(path)}.yaml"))];
        Assert.Equal(["llama", "gpt2"], teachers.Select(teacher => teacher.Model.ModelType));
        Assert.Equal(865_152, Parameters(student));
        Assert.Equal([3_049_920, 3_087_360], teachers.Select(Parameters));
        Assert.Equal(873_600, Parameters(Read("small/gpt-1M.yaml")));
    }

    [Theory]
    [InlineData("student-1M", true), InlineData("gpt-1M", false), InlineData("llama-3M", false), InlineData("gpt-3M", false)]
    public void In_small_all_have_the_twins_text_and_the_student_is_its_twin_but_for_the_loss(string name, bool isTwin)
    {
        Recipe twin = Read("small/twin-1M.yaml"), recipe = Read($"small/{name}.yaml");
        RecipeRules.Check(recipe);
        Assert.Equal(RecipeFile.Text(twin.Data), RecipeFile.Text(recipe.Data));
        Assert.Equal(RecipeFile.Text(twin.Tokenizer), RecipeFile.Text(recipe.Tokenizer));
        if (isTwin)
            Assert.Equal(RecipeFile.Text(twin), RecipeFile.Text(recipe with { Name = twin.Name, Loss = twin.Loss }));
    }

    [Fact]
    public void The_three_architectures_have_as_many_parameters_and_the_same_of_everything_else()
    {
        Recipe[] recipes = [Read("three-way/gpt2.yaml"), Read("three-way/gptj.yaml"), Read("three-way/llama.yaml")];
        long[] parameters = [.. recipes.Select(Parameters)];
        Assert.Equal([1_484_800, 1_486_480, 1_486_464], parameters);
        Assert.True(parameters.Max() < parameters.Min() * 1.002);
        foreach (Recipe recipe in recipes)
        {
            RecipeRules.Check(recipe);
            Assert.Equal(RecipeFile.Text(recipes[0]), RecipeFile.Text(recipe with { Name = recipes[0].Name, Model = recipes[0].Model }));
        }
    }

    [Fact]
    public void A_row_of_padding_is_not_the_mark_between_documents()
    {
        using TemporaryFolder folder = new();
        string recipe = folder.Write("recipe.yaml", Runs.TinyRun.Recipe(steps: 2));
        var (code, output, error) = CriaProcess.Run("train", recipe, "--out", folder["run"], "--set", "model.pad_token_id=0");
        Runs.Refusal.Assert(2, code, output, error, "model.pad_token_id 0 is the token that stands between documents");
    }

    static Recipe Read(string name) => RecipeFile.Read(Path.Combine(Folder, name));

    static long Parameters(Recipe recipe)
    {
        int vocabulary = recipe.Model.VocabSize == 0 ? 2048 : recipe.Model.VocabSize;
        using ILanguageModel model = ModelCatalog.Create(recipe.Model with { VocabSize = vocabulary }, CpuDevice.Instance);
        return model.Parameters.Count;
    }
}
