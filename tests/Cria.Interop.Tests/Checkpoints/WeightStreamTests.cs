using Cria.Engine.Tensors;
using Cria.Interop.Checkpoints;
using Cria.Interop.HuggingFace;
using Cria.Interop.Tests.HuggingFace;
using Cria.Models;

namespace Cria.Interop.Tests.Checkpoints;

/// <summary>Tensors larger than a piece: carried by rows, transposed, fused and in pairs, never as a second copy.</summary>
public sealed class WeightStreamTests : IDisposable
{
    static readonly ModelConfig[] Wide =
    [
        new Gpt2Config
        {
            VocabSize = 2_003,
            HiddenSize = 130,
            NumHiddenLayers = 1,
            NumAttentionHeads = 2,
            IntermediateSize = 2_501,
            MaxPositionEmbeddings = 9,
        },
        new GptJConfig
        {
            VocabSize = 7,
            HiddenSize = 600,
            NumHiddenLayers = 1,
            NumAttentionHeads = 3,
            RotaryDim = 70,
            IntermediateSize = 11,
            MaxPositionEmbeddings = 9,
        },
    ];

    static readonly LlamaConfig Llama = new()
    {
        VocabSize = 7,
        HiddenSize = 130,
        NumHiddenLayers = 1,
        NumAttentionHeads = 5,
        HeadDim = 26,
        IntermediateSize = 251,
        MaxPositionEmbeddings = 9,
        RmsNormEps = 1e-5f,
    };

    readonly Folder _folder = new();

    public static TheoryData<string> Types => [.. Wide.Select(config => config.ModelType)];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Types))]
    public void A_tensor_of_several_pieces_is_in_the_file_what_it_is_as_a_whole_and_comes_back(string type)
    {
        using var model = Made(Wide.Single(config => config.ModelType == type));
        CheckpointFormats.Write(HuggingFaceFormat.Instance, _folder["x"], model, new(), new());
        using (var file = new SafetensorsReader(Path.Combine(_folder["x"], "model.safetensors")))
        {
            Assert.Contains(model.StoredTensors,
                tensor => tensor.Shape.Length > 300_000 && (tensor.IsTransposed || tensor.Pairs is not null));
            Assert.All(model.StoredTensors, tensor =>
            {
                float[] numbers = new float[tensor.Shape.Length];
                file.Read(file.Find(tensor.Name), numbers);
                Assert.True(numbers.AsSpan().SequenceEqual(tensor.Gather()), tensor.Name);
            });
        }
        using var opened = FolderStore.Open(_folder["x"], CpuDevice.Instance);
        Assert.True(model.Parameters.Weights.ToArray<float>().AsSpan().SequenceEqual(opened.Parameters.Weights.ToArray<float>()));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Rows_one_at_a_time_are_the_rows_of_the_whole(string type)
    {
        using var model = Made(Wide.Single(config => config.ModelType == type));
        foreach (var tensor in model.StoredTensors.Where(tensor => tensor.Shape.Length > 100_000))
        {
            float[] whole = tensor.Gather(), row = new float[tensor.Shape.Columns];
            foreach (int index in (int[])[0, 1, tensor.Shape.Rows / 2, tensor.Shape.Rows - 1])
            {
                tensor.ReadRows(index, row);
                Assert.Equal(whole[(index * row.Length)..((index + 1) * row.Length)], row);
            }
        }
    }

    [Theory]
    [InlineData("hf", "gpt2"), InlineData("gguf", "gpt2"), InlineData("llama2c", "llama")]
    public void Reading_and_writing_take_no_second_copy_of_the_weights(string name, string type)
    {
        var config = (type == "llama" ? Llama : Wide[0]) with { VocabSize = 40_000 }; // 21 MB
        var format = CheckpointFormats.Writable.Single(format => format.Name == name);
        using var model = Made(config);
        CheckpointFormats.Write(format, _folder["warm.bin"], model, new(), new());
        long before = GC.GetAllocatedBytesForCurrentThread();
        CheckpointFormats.Write(format, _folder["x.bin"], model, new(), new());
        using var checkpoint = CheckpointFormats.Open(_folder["x.bin"]);
        checkpoint.Load(model);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(allocated < 6 << 20, $"{allocated:N0} bytes were allocated for {checkpoint.WeightBytes:N0} of weights");
    }

    [Fact]
    public void Rows_side_by_side_in_the_file_are_half_of_the_turned_ones_apart_here()
    {
        // Two heads of six rows: all are turned, or the first four.
        Assert.Equal([0, 3, 1, 4, 2, 5, 6, 9, 7, 10, 8, 11], Enumerable.Range(0, 12).Select(new InterleavedPairs(6, 6).Here));
        Assert.Equal([0, 2, 1, 3, 4, 5, 6, 8, 7, 9, 10, 11], Enumerable.Range(0, 12).Select(new InterleavedPairs(6, 4).Here));
    }

    // Numbers that tell every place from every other.
    static ILanguageModel Made(ModelConfig config)
    {
        var model = ModelCatalog.Create(config, CpuDevice.Instance);
        model.Parameters.Allocate(withGradients: false);
        float next = 0;
        foreach (var parameter in model.Parameters.Parameters)
        {
            float[] numbers = new float[parameter.Shape.Length];
            for (int i = 0; i < numbers.Length; i++)
                numbers[i] = next++;
            parameter.Master.Write<float>(numbers);
        }
        return model;
    }
}
