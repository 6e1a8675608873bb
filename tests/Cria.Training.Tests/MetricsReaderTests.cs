using System.Text.Json.Nodes;
using Cria.Training.Observation;

namespace Cria.Training.Tests;

public sealed class MetricsReaderTests : IDisposable
{
    readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void Everything_an_observer_hears_reads_back_as_it_was_said()
    {
        SessionFacts session = new()
        {
            Version = "1.2 (abc)",
            Machine = "a machine",
            MachineMemory = 1L << 34,
            Kernels = "cpu",
            Threads = 2,
            Step = 7,
            PlannedSteps = 100,
            TokensPerStep = 128,
            Parameters = 12_345,
            FlopsPerToken = 1e6,
            FlopsFormula = "6 · weights",
            PeakGflops = 55.5,
            PeakSource = "measured",
            Memory = new Dictionary<string, long> { ["weights"] = 4 },
            Data = new Dictionary<string, string> { ["training"] = "3 documents" },
        };
        StepMetrics step = new(8, 2.25, 1e-3f, 3.5f, 1024, 0.5)
        {
            Parts = new(3.5, 0.0625),
            ClipFactor = 0.25f,
            Phases = new(0.125f, 0.25f, 0.0625f, 0.375f, 0.5f, 0.75f, 1),
            Norms = [new("model.layers.0.mlp", 1.5, 0.5, 0.25)],
        };
        EvaluationMetrics raw = new(8, 250, 100, 80), averaged = new(8, 225, 100, 0) { Weights = "ema", DistillationLoss = 28.5, Divergence = 0.375 };
        TrainingEvent[] events = [new LossSpike(8, 9, 3), new RolledBack(8, 5, "a spike"), new Replanned(5, 90, 12), new CheckpointFailed(5, "the disk is full")];
        TextSample sample = new(8, "Once \"upon\"\n", "a llama 🦙");
        using (MetricsLog log = new(_path, 0))
        {
            IObserver told = new Audience(log);
            told.Started(session);
            told.Stepped(step);
            told.Evaluated(raw);
            told.Evaluated(averaged);
            told.Sampled(sample);
            foreach (var happening in events)
                told.Happened(happening);
        }

        MetricsLine[] lines = [.. MetricsReader.Lines(_path)];
        Assert.Equivalent(session, ((SessionLine)lines[0]).Session, strict: true);
        Assert.Equivalent(step, ((StepLine)lines[1]).Metrics, strict: true);
        Assert.Equal(raw, ((EvaluationLine)lines[2]).Metrics);
        Assert.True(((EvaluationLine)lines[2]).Memory > 1 << 20);
        Assert.Equal(averaged, ((EvaluationLine)lines[3]).Metrics);
        Assert.Equal(sample, ((SampleLine)lines[4]).Sample);
        foreach (var (line, said) in lines[5..].Zip(events))
        {
            var read = ((EventLine)line).Event;
            Assert.Equal((said.Step, said.Name, said.Text), (read.Step, read.Name, read.Text));
            Assert.Equal(said.Figures, read.Figures);
        }
        Assert.All(lines, line => Assert.InRange(line.Time, 1.7e9, 1e11));
    }

    // The rule by which the first version of the program told steps from validations, and damage from both.
    [Fact]
    public void A_reader_that_knows_steps_and_validations_alone_passes_over_the_rest()
    {
        using (MetricsLog log = new(_path, 0))
        {
            log.Started(new());
            log.Stepped(new(1, 2, 0.1f, 1, 10, 0.5) { Norms = [new("a", 1, 1, 1)] });
            log.Evaluated(new(1, 30, 10, 0) { Weights = "ema" });
            log.Evaluated(new(1, 40, 10, 0));
            log.Happened(new CheckpointFailed(1, "no room"));
            log.Sampled(new(1, "a", "b"));
        }
        List<double> losses = [], validations = [];
        foreach (var row in File.ReadLines(_path).Select(line => JsonNode.Parse(line)!.AsObject()))
        {
            _ = row["step"]!.GetValue<double>();
            if (row.TryGetPropertyValue("validation_loss", out var held))
            {
                if (held is not null)
                    validations.Add(held.GetValue<double>());
                continue;
            }
            losses.Add(row["loss"]!.GetValue<double>());
            _ = row["learning_rate"]!.GetValue<double>() + row["seconds"]!.GetValue<double>() + row["tokens"]!.GetValue<double>();
            _ = row["gradient_norm"]!.GetValue<double>();
        }
        Assert.Equal([2.0], losses);
        Assert.Equal([4.0], validations);
    }

    [Fact]
    public void A_file_of_the_first_version_is_read()
    {
        File.WriteAllText(_path, """
            {"step":1,"loss":5.5,"learning_rate":0.001,"gradient_norm":null,"tokens":128,"seconds":0.5000}
            {"step":1,"validation_loss":4.25,"validation_tokens":64,"bits_per_byte":2.5}
            {"step":2,"loss":null,"learning_rate":0.001,"gradient_norm":1.5,"tokens":256,"seconds":0.2500}

            """.ReplaceLineEndings("\n"));
        MetricsLine[] lines = [.. MetricsReader.Lines(_path)];
        var first = ((StepLine)lines[0]).Metrics;
        Assert.Equal((1, 5.5, 128L, 0.5), (first.Step, first.Loss, first.Tokens, first.Seconds));
        Assert.True(float.IsNaN(first.GradientNorm) && float.IsNaN(first.ClipFactor));
        Assert.Equal(4.25, ((EvaluationLine)lines[1]).Metrics.Loss);
        Assert.Equal(2.5, ((EvaluationLine)lines[1]).Metrics.BitsPerByte, 1);
        Assert.True(double.IsNaN(((StepLine)lines[2]).Metrics.Loss));
    }

    [Fact]
    public void A_line_of_a_later_version_is_passed_over()
    {
        File.WriteAllText(_path, "{\"step\":3,\"validation_loss\":null,\"weather\":\"fine\"}\n");
        Assert.IsType<UnknownLine>(Assert.Single(MetricsReader.Lines(_path)));
    }

    [Theory]
    [InlineData("model.layers.3.self_attn.q_proj.weight", "model.layers.3.self_attn", 3)]
    [InlineData("model.layers.11.input_layernorm.weight", "model.layers.11.input_layernorm", 11)]
    [InlineData("transformer.h.0.ln_1.bias", "transformer.h.0.ln_1", 0)]
    [InlineData("model.embed_tokens.weight", "model.embed_tokens", -1)]
    [InlineData("lm_head.weight", "lm_head", -1)]
    [InlineData("wte", "wte", -1)]
    public void Parameters_are_grouped_by_the_blocks_of_their_layers(string parameter, string group, int layer)
    {
        Assert.Equal(group, NormGroups.Of(parameter));
        Assert.Equal(layer, NormGroups.LayerOf(group));
    }
}
