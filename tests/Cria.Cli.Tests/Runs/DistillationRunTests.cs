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
        Refused("no checkpoint that can be read", $"[{recipe}]");
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

    static IEnumerable<string> Set(params string[] values) => values.SelectMany(value => new[] { "--set", value });

    static byte[] Tokenizer(string run) => File.ReadAllBytes(Path.Combine(run, "model", "tokenizer.json"));
}
