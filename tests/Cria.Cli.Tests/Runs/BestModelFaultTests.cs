using Cria.Cli.Runs;
using Cria.Engine.Tensors;
using Cria.Interop.HuggingFace;
using Cria.Models;
using Cria.Training.Recipes;

namespace Cria.Cli.Tests.Runs;

/// <summary>A disk that does not take the best weights costs a run those, and nothing else.</summary>
public sealed class BestModelFaultTests : IDisposable
{
    readonly TemporaryFolder _folder = new();
    readonly ILanguageModel _model;
    readonly List<string> _said = [];
    readonly BestModel _best;

    public BestModelFaultTests()
    {
        LlamaConfig config = new()
        {
            VocabSize = 11,
            HiddenSize = 8,
            NumHiddenLayers = 1,
            NumAttentionHeads = 2,
            NumKeyValueHeads = 1,
            IntermediateSize = 12,
            MaxPositionEmbeddings = 8,
        };
        _model = ModelCatalog.Create(config, CpuDevice.Instance);
        _model.Parameters.Allocate(withGradients: false);
        _model.Parameters.Initialize(1);
        FolderStore store = new(new Dictionary<string, byte[]>(), 0);
        _best = new(_folder["best"], store, _model, BestLoss.CrossEntropy, tokens: 10, _said.Add);
    }

    public void Dispose()
    {
        _model.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_place_that_cannot_be_written_is_said_once_and_tried_again()
    {
        File.WriteAllText(_folder["best"], "in the way");
        _best.Evaluated(new(10, 30, 10, 0));
        _best.Evaluated(new(20, 20, 10, 0));
        Assert.Contains(_folder["best"], Assert.Single(_said), StringComparison.Ordinal);
        Assert.Null(_best.Adopt());
        File.Delete(_folder["best"]);
        _best.Evaluated(new(30, 10, 10, 0));
        Assert.Equal((30, 1.0), _best.Adopt());
    }

    [Fact]
    public void An_evaluation_of_a_part_of_the_text_is_not_compared_with_one_of_all()
    {
        _best.Evaluated(new(10, 30, 10, 0));
        _best.Evaluated(new(20, 10, 5, 0)); // an easy part
        Assert.Equal((10, 3.0), _best.Adopt());
        _best.Evaluated(new(30, 20, 10, 0));
        Assert.Equal((30, 2.0), _best.Adopt());
    }

    [Fact]
    public void A_damaged_one_of_the_same_step_is_replaced()
    {
        _best.Evaluated(new(10, 30, 10, 0));
        string kept = Assert.Single(Directory.GetDirectories(_folder["best"]));
        File.AppendAllText(Path.Combine(kept, "config.json"), " ");
        Assert.Null(_best.Adopt());
        _best.Evaluated(new(10, 30, 10, 0));
        Assert.Empty(_said);
        Assert.Equal((10, 3.0), _best.Adopt());
    }
}
