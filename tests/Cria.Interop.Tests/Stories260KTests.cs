using System.Text.Json;
using Cria.Data.Tokenizers;
using Cria.Engine.Kernels;
using Cria.Engine.Kernels.Reference;
using Cria.Engine.Tensors;
using Cria.Interop.HuggingFace;
using Cria.Models.Decoding;

namespace Cria.Interop.Tests;

/// <summary>A real trained checkpoint by other people: our logits against float64 ones made elsewhere.</summary>
public sealed class Stories260KTests
{
    static string Folder => Path.Combine(TestData.Root, "checkpoints");

    [Fact]
    public void Logits_of_every_backend_are_within_2e_4_of_the_float64_ones()
    {
        TestData.Need(Folder);
        using var golden = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "stories260K.logits.json")));
        int[] ids = [.. golden.RootElement.GetProperty("ids").EnumerateArray().Select(e => e.GetInt32())];
        double[] expected = [.. golden.RootElement.GetProperty("logits_float64_last_position").EnumerateArray().Select(e => e.GetDouble())];
        int[] next = [.. golden.RootElement.GetProperty("greedy_next").EnumerateArray().Select(e => e.GetInt32())];

        foreach (var kernels in Backends())
        {
            using var model = FolderStore.Open(Path.Combine(Folder, "stories260K-hf"), CpuDevice.Instance);
            using var decoder = new Decoder(model, kernels);
            int[] greedy = new int[ids.Length];
            float[] last = [];
            decoder.Append(ids, (position, logits) =>
            {
                greedy[position] = logits.IndexOf(logits.ToArray().Max());
                last = logits.ToArray();
            });
            double worst = expected.Zip(last, (a, b) => Math.Abs(a - b)).Max();
            Assert.True(worst < 2e-4, $"{kernels.Name}: {worst}");
            Assert.Equal(next, greedy);
        }
    }

    [Fact]
    public void Greedy_text_is_the_one_other_programs_give()
    {
        TestData.Need(Folder);
        string folder = Path.Combine(Folder, "stories260K-hf");
        using var model = FolderStore.Open(folder, CpuDevice.Instance);
        using var decoder = new Decoder(model, Backends().First());
        var pieces = TokenizerJson.Read(folder);
        var ids = Generation.Run(decoder, [1, 403, 407, 261, 378], 110, 2, new() { Temperature = 0 });
        int[] all = [403, 407, 261, 378, .. ids];
        Assert.Equal([403, 407, 261, 378], pieces.Encode("Once upon a time"));
        string text = pieces.Decode(all);
        Assert.StartsWith("Once upon a time, there was a little girl named Lily. She loved to play outside in the park. " +
            "One day, she saw a big, red ball. She wanted to play with it, but it was too high.\nLily's mom said,", text);
    }

    static IEnumerable<IKernels> Backends() => [new ReferenceKernels<float>(), .. KernelChoice.All(threads: 2)];
}
