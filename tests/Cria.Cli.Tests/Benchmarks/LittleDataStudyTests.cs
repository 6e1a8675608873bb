namespace Cria.Cli.Tests.Benchmarks;

/// <summary>The recipes for little data, all of them, at a size that takes seconds.</summary>
public sealed class LittleDataStudyTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void All_recipes_train_and_are_compared_and_a_second_call_trains_nothing()
    {
        SlowTests.Only();
        string recipes = Path.Combine(LauncherTests.RepositoryRoot(), "recipes", "little-data");
        string[] arguments =
        [
            "bench", "little-data", recipes, "--out", _folder["runs"], "--seeds", "2", "--threads", "1",
            "--set", "data.synth={stories: 60, validation_stories: 5}", "--set", "tokenizer.vocab_size=300", "--set", "steps=4",
            "--set", "schedule.warmup_steps=1", "--set", "batch.micro_batch_size=2", "--set", "data.reader.subset=20",
            "--set", "model={hidden_size: 16, num_hidden_layers: 1, num_attention_heads: 2, intermediate_size: 16, max_position_embeddings: 128}",
        ];
        string table = CriaProcess.Succeed(arguments);
        foreach (string arm in (string[])["twin", "weight decay 3.2", "tuned", "smoothed", "mean of logits", "mean of probabilities",
            "student of two tuned twins", "chain, generation 3"])
            Assert.Contains($"{arm} |", table, StringComparison.Ordinal);
        Assert.Equal(table, File.ReadAllText(_folder["runs/table.md"]));
        DateTime trained = File.GetLastWriteTimeUtc(_folder["runs/student-2/model/model.safetensors"]);
        Assert.Equal(table, CriaProcess.Succeed(arguments));
        Assert.False(Directory.Exists(_folder["runs/tuned-1"])); // the winning decay's run stands for it
        Assert.Contains("was trained with seed 1, and --seed asks for 5", CriaProcess.Run([.. arguments, "--seed", "5"]).Error, StringComparison.Ordinal);
        Assert.Equal(trained, File.GetLastWriteTimeUtc(_folder["runs/student-2/model/model.safetensors"]));
    }
}
