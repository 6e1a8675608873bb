using System.Text.Json.Nodes;
using Cria.Cli.Recipes;
using Cria.Cli.Runs;
using Cria.Engine.Tensors;
using Cria.Models;
using Cria.Training.Recipes;

namespace Cria.Cli.Tests.Runs;

/// <summary>Runs whose loss listens to trained models.</summary>
public sealed class DistillationRunTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_student_of_two_teachers_stopped_and_resumed_has_the_bits_of_one_that_never_stopped()
    {
        string recipe = _folder.Write("recipe.yaml", TinyRun.Recipe(steps: 30));
        string first = Train(recipe, "first"), second = Train(recipe, "second", "seed=6", $"tokenizer.path={first}/model");
        string[] loss = [$"loss={{type: distillation, teachers: [{first}, {second}], alpha: 0.3, temperature: 2}}", "seed=7"];
        string whole = Train(recipe, "whole", loss);
        string[] arguments = ["train", recipe, "--out", _folder["run"], "--brief", .. Set(loss)];
        CriaProcess.Succeed([.. arguments, "--threads", "1", "--until", "13"]);
        CriaProcess.Succeed([.. arguments, "--threads", "2", "--resume"]);
        TinyRun.AssertSame(whole, _folder["run"]);
        Assert.Equal(Tokenizer(first), Tokenizer(whole));

        // The weights are what counts, wherever they lie.
        CriaProcess.Succeed([.. arguments, "--threads", "1", "--resume", .. Set($"loss.teachers=[{first}/model, {second}]")]);
        var (code, output, error) = CriaProcess.Run([.. arguments, "--resume", .. Set($"loss.teachers=[{second}, {first}]")]);
        Refusal.Assert(1, code, output, error, "another recipe");
    }

    [Fact]
    public void A_teacher_that_does_not_fit_is_refused_in_a_sentence_before_any_work()
    {
        string recipe = _folder.Write("recipe.yaml", TinyRun.Recipe(steps: 3));
        string teacher = Train(recipe, "teacher"), foreign = Train(recipe, "foreign", "data.synth.seed=2");
        Refused("does not exist", $"[{_folder["gone"]}]");
        Refused("different tokenizers", $"[{teacher}, {foreign}]");
        Refused("is a recipe, with which cria plan can plan", $"[{recipe}]");
        Refused("no checkpoint that can be read", $"[{_folder.Write("notes.txt", "no model")}]");
        Refused("in the other", $"[{teacher}, {foreign}]");
        Refused("loss.weights has 2 numbers and 1 teachers", $"[{teacher}]", "loss.weights=[1, 2]");
        Refused("loss.teachers is empty", "[]");
        Refused("another tokenizer", $"[{teacher}]", $"tokenizer.path={foreign}/model");
        Refused("share one vocabulary", $"[{teacher}]", "model.vocab_size=301");
        Refused("a context of 64 tokens", $"[{teacher}]", "data.sequence_length=65", "model.max_position_embeddings=65");
        Refused("loss.alpha 2", $"[{teacher}]", "loss.alpha=2");

        var (code, output, error) = CriaProcess.Run(["train", recipe, "--out", _folder["run"],
            .. Set($"loss={{type: distillation, teachers: [{teacher}, {foreign}]}}")]);
        Refusal.Assert(1, code, output, error, "different tokenizers");
        Assert.False(Directory.Exists(_folder["run/data"]));

        void Refused(string said, string teachers, params string[] more)
        {
            string loss = $"loss={{type: distillation, teachers: {teachers}}}";
            Recipe read = RecipeFile.Read(recipe, [loss, "batch.tokens_per_step=0", .. more]);
            var refusal = Assert.ThrowsAny<Exception>(() =>
            {
                RecipeRules.Check(read);
                new Teachers(read).Dispose();
            });
            Assert.Contains(said, refusal.Message, StringComparison.Ordinal);
            Assert.True(refusal is ConfigException or CheckpointException, refusal.GetType().Name);
        }
    }

    [Fact]
    public void The_best_model_may_be_the_one_with_the_lowest_loss_of_the_training()
    {
        string recipe = _folder.Write("recipe.yaml", TinyRun.Recipe(stories: 30, steps: 30));
        string teacher = Train(recipe, "teacher");
        string[] set = [$"loss={{type: distillation, teachers: [{teacher}], weights: [2]}}", "evaluate={every: 5, tokens: 0}",
            "checkpoint={best: true, best_by: distillation}", "optimizer.learning_rate=0.02", "data.reader={type: windows, subset: 4}"];
        string run = Train(recipe, "run", set);
        var rows = File.ReadLines(_folder["run/metrics.jsonl"]).Select(line => JsonNode.Parse(line)!).ToList();
        var held = rows.Where(row => row["validation_loss"] is not null).ToList();
        foreach (var row in held)
            Assert.Equal(0.5 * (double)row["validation_loss"]! + 0.5 * (double)row["divergence"]!, (double)row["distillation_loss"]!, 1e-4);
        foreach (var row in rows.Where(row => row["loss"] is not null))
            Assert.Equal(0.5 * (double)row["cross_entropy"]! + 0.5 * (double)row["divergence"]!, (double)row["loss"]!, 1e-4);
        string kept = Path.GetFileName(Assert.Single(Directory.GetDirectories(_folder["run/best"])));
        Assert.StartsWith($"step-{held.MinBy(row => (double)row["distillation_loss"]!)!["step"]}-distillation-", kept, StringComparison.Ordinal);
        CriaProcess.Succeed("report", run);
        string page = File.ReadAllText(Path.Combine(run, "report.html"));
        Assert.Contains("Next token and teachers", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_student_of_teachers_that_are_only_recipes_is_planned_and_stepped_and_not_trained()
    {
        string recipe = _folder.Write("recipe.yaml", TinyRun.Recipe(steps: 3));
        string wide = _folder.Write("wide.yaml", TinyRun.Recipe().Replace("hidden_size: 32", "hidden_size: 64", StringComparison.Ordinal));
        string deep = _folder.Write("deep.yml", TinyRun.Recipe().Replace("num_hidden_layers: 2", "num_hidden_layers: 5", StringComparison.Ordinal));
        string[] loss = [.. Set($"loss={{type: distillation, teachers: [{wide}, {deep}]}}")];
        JsonNode plan = Json(["plan", recipe, .. loss]);
        JsonArray teachers = plan["teachers"]!.AsArray();
        Assert.Equal([wide, deep], teachers.Select(teacher => (string)teacher!["path"]!));
        Assert.Equal((long)plan["teacher_bytes"]!, teachers.Sum(teacher => (long)teacher!["weight_bytes"]!));
        Assert.Equal([Parameters(wide), Parameters(deep)], teachers.Select(teacher => (long)teacher!["parameters"]!));
        Assert.All(teachers, teacher => Assert.True((long)teacher!["activation_bytes"]! > 0));

        JsonNode step = Json(["bench", "step", recipe, "--cold", "--steps", "1", "--threads", "1", .. loss]);
        Assert.Equal(1, (int)step["steps"]!);
        long alone = RecipeFile.Read(recipe).WithVocabulary().Model.FlopsPerToken(32);
        Assert.True((double)step["flops_per_token"]! > alone, "the teachers do not count");

        Recipe Read(string teacher) => RecipeFile.Read(recipe, $"loss={{type: distillation, teachers: [{teacher}]}}");
        var untrained = Assert.Throws<CheckpointException>(() => new Teachers(Read(wide)));
        Assert.Contains("train it first", untrained.Message, StringComparison.Ordinal);
        var gone = Assert.Throws<CheckpointException>(() => new PlannedTeachers(Read(_folder["gone"])));
        Assert.Contains("name the recipe that is to make it", gone.Message, StringComparison.Ordinal);

        static long Parameters(string recipe)
        {
            using var model = ModelCatalog.Create(RecipeFile.Read(recipe).WithVocabulary().Model, CpuDevice.Instance);
            return model.Parameters.Count;
        }
    }

    [Fact]
    public void What_is_learned_from_belongs_to_what_a_run_must_keep_to_go_on()
    {
        Recipe recipe = RecipeFile.Read(_folder.Write("recipe.yaml", TinyRun.Recipe()));
        string plain = ResumeHash.Of(recipe, "", "");
        Assert.NotEqual(plain, ResumeHash.Of(recipe with { Loss = new CrossEntropyRecipe { LabelSmoothing = 0.1f } }, "", ""));
        Assert.NotEqual(plain, ResumeHash.Of(recipe, "", "teachers"));
        Recipe Student(string teacher) => recipe with { Loss = new DistillationRecipe { Teachers = [teacher] } };
        Assert.Equal(ResumeHash.Of(Student("here"), "", "teachers"), ResumeHash.Of(Student("there"), "", "teachers"));
    }

    string Train(string recipe, string name, params string[] sets)
    {
        CriaProcess.Succeed(["train", recipe, "--out", _folder[name], "--threads", "1", "--brief", .. Set(sets)]);
        return _folder[name];
    }

    static JsonNode Json(params string[] arguments) => JsonNode.Parse(CriaProcess.Succeed([.. arguments, "--json"]))!;

    static IEnumerable<string> Set(params string[] values) => values.SelectMany(value => new[] { "--set", value });

    static byte[] Tokenizer(string run) => File.ReadAllBytes(Path.Combine(run, "model", "tokenizer.json"));
}
