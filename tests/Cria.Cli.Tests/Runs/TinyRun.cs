using System.Globalization;
using System.Text.Json.Nodes;
using Cria.Training.Checkpoints;

namespace Cria.Cli.Tests.Runs;

/// <summary>A recipe that trains in seconds, and what two runs of it must have in common.</summary>
static class TinyRun
{
    public static string Recipe(int stories = 200, int steps = 60, int every = 10) => $$"""
        version: 1
        name: tiny
        seed: 5
        model:
          hidden_size: 32
          num_hidden_layers: 2
          num_attention_heads: 4
          num_key_value_heads: 2
          intermediate_size: 48
          max_position_embeddings: 64
        tokenizer: {vocab_size: 300}
        data:
          synth: {stories: {{stories}}, validation_stories: 10, seed: 1}
          sequence_length: 32
        batch: {micro_batch_size: 2, tokens_per_step: 128}
        steps: {{steps}}
        optimizer: {learning_rate: 1.0e-2}
        schedule: {warmup_steps: 2}
        evaluate: {every: 25, tokens: 500}
        checkpoint: {every: {{every}}, keep: 2}
        sample: {max_tokens: 8}
        """;

    /// <summary>Every step, evaluation and sample of metrics.jsonl but for what a clock or the machine says of them.</summary>
    public static string[] Metrics(string run) => Metrics(File.ReadLines(Path.Combine(run, "metrics.jsonl")));

    /// <inheritdoc cref="Metrics(string)"/>
    public static string[] Metrics(IEnumerable<string> lines) => [.. lines
        .Select(line => JsonNode.Parse(line)!.AsObject())
        .Where(row => !row.ContainsKey("event"))
        .Select(row =>
        {
            foreach (string clock in (string[])["seconds", "phases", "time", "memory"])
                row.Remove(clock);
            return row.ToJsonString();
        })];

    public static byte[] Weights(string run) => File.ReadAllBytes(Path.Combine(run, "model", "model.safetensors"));

    public static void AssertSame(string expected, string actual)
    {
        Assert.Equal(Metrics(expected), Metrics(actual));
        Assert.Equal(Weights(expected), Weights(actual));
    }

    /// <summary>Whole lines of metrics.jsonl, also while a run writes it.</summary>
    public static int Lines(string run)
    {
        string path = Path.Combine(run, "metrics.jsonl");
        if (!File.Exists(path))
            return 0;
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        byte[] bytes = new byte[file.Length];
        return bytes.AsSpan(0, file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)).Count((byte)'\n');
    }

    /// <summary>The names of a run's checkpoints, each of which must be whole, in the order of their steps.</summary>
    public static string[] WholeCheckpoints(string run)
    {
        string[] names = [.. Checkpoints(run).Select(path => Path.GetFileName(path))
            .Where(name => !name.EndsWith(".tmp", StringComparison.Ordinal))
            .OrderBy(name => int.Parse(name["step-".Length..], CultureInfo.InvariantCulture))];
        Assert.All(names, name => Assert.Null(DurableFolder.Damage(Path.Combine(run, "checkpoints", name))));
        return names;
    }

    /// <summary>Whether a checkpoint is there, also while a run writes and removes them.</summary>
    public static bool HasCheckpoint(string run) => Checkpoints(run).Any(path => !path.EndsWith(".tmp", StringComparison.Ordinal));

    /// <summary>Whether a checkpoint is being written or removed.</summary>
    public static bool IsWriting(string run) => Checkpoints(run).Any(path => path.EndsWith(".tmp", StringComparison.Ordinal));

    /// <summary>Whatever bears a temporary name, at any depth.</summary>
    public static string[] Temporary(string run) =>
        [.. Directory.EnumerateFileSystemEntries(run, "*.tmp", SearchOption.AllDirectories)];

    static string[] Checkpoints(string run)
    {
        string folder = Path.Combine(run, "checkpoints");
        return Directory.Exists(folder) ? Directory.GetDirectories(folder) : [];
    }
}
