using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Cria.Engine.Tensors;
using Cria.Interop.Checkpoints;
using Cria.Interop.Llama2c;
using Cria.Interop.Tests.HuggingFace;
using Cria.Models;

namespace Cria.Interop.Tests.Llama2c;

public sealed class Llama2cTests : IDisposable
{
    readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("llama", "f32"), InlineData("llama-untied", "f32"), InlineData("llama", "f32-v1"), InlineData("llama-untied", "f32-v1")]
    public void A_model_written_and_opened_has_the_same_sizes_and_bits(string name, string type)
    {
        using var model = MadeModel.Of(MadeModel.Named(name));
        string path = Written(model, type);
        using var checkpoint = CheckpointFormats.Open(path);
        using var opened = checkpoint.Model(CpuDevice.Instance);
        Assert.Equal(model.Config, opened.Config);
        Assert.Equal(MadeModel.Numbers(model), MadeModel.Numbers(opened));
        Assert.Equal(new FileInfo(path).Length, checkpoint.WeightBytes + (type == "f32" ? 28 : 256));
    }

    [Theory]
    [InlineData(640), InlineData(896), InlineData(1152), InlineData(1408)] // their first bytes are 80 and a pickle's protocol
    public void A_legacy_file_that_begins_as_a_pickle_does_is_none(int dim)
    {
        byte[] head = new byte[28];
        foreach (var (i, number) in ((int[])[dim, 24, 1, 8, 8, 50, 33]).Index())
            BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(4 * i), number);
        Assert.Same(Llama2cFormat.Instance, CheckpointFormats.Find(Saved(head)));
        Assert.Equal("pickle", CheckpointFormats.Find(Saved([0x80, (byte)(dim >> 8), 0x7D, 0x71, .. head]))!.Name);
    }

    [Fact]
    public void Heads_are_seven_numbers_alone_or_behind_letters_and_a_version()
    {
        using var tied = MadeModel.Of(MadeModel.Llama);
        using var untied = MadeModel.Of(MadeModel.Llama with { TieWordEmbeddings = false });
        Assert.Equal([32, 24, 2, 4, 2, 50, 33], Numbers(File.ReadAllBytes(Written(tied, "f32")), 0, 7));
        Assert.Equal(-50, Numbers(File.ReadAllBytes(Written(untied, "f32")), 0, 7)[5]);
        byte[] first = File.ReadAllBytes(Written(tied, "f32-v1"));
        Assert.Equal("24ka"u8, first.AsSpan(0, 4));
        Assert.Equal([1, 32, 24, 2, 4, 2, 50, 33], Numbers(first, 4, 8));
        Assert.Equal(1, first[36]);
        byte[] second = File.ReadAllBytes(Written(untied, "f32-v1"));
        Assert.Equal((50, 0), (Numbers(second, 4, 8)[6], second[36]));
    }

    [Fact]
    public void Tensors_lie_kind_by_kind_with_all_layers_of_each()
    {
        using var model = MadeModel.Of(MadeModel.Llama);
        float[] legacy = Floats(File.ReadAllBytes(Written(model, "f32")), 28);
        Assert.Equal(MadeModel.Numbers(model, "model.embed_tokens.weight"), legacy[..1600]);
        Assert.Equal(MadeModel.Numbers(model, "model.layers.0.input_layernorm.weight"), legacy[1600..1632]);
        Assert.Equal(MadeModel.Numbers(model, "model.layers.1.input_layernorm.weight"), legacy[1632..1664]);
        float[] q = MadeModel.Numbers(model, "model.layers.0.self_attn.q_proj.weight");
        Assert.Equal([.. q[..32], .. q[128..160], .. q[32..64]], legacy[1664..1760]); // rows 0, 4 and 1: pairs side by side
        Assert.Equal(1, legacy[^(2 * 33 * 4)]); // the cosine of nothing
        float[] first = Floats(File.ReadAllBytes(Written(model, "f32-v1")), 256);
        Assert.Equal(MadeModel.Numbers(model, "model.layers.1.post_attention_layernorm.weight"), first[96..128]);
        Assert.Equal(MadeModel.Numbers(model, "model.norm.weight"), first[128..160]);
        Assert.Equal(MadeModel.Numbers(model, "model.layers.1.mlp.up_proj.weight"), first[^768..]);
    }

    [Fact]
    public void What_llama2_c_cannot_run_is_refused_with_the_reason()
    {
        foreach (var (config, said) in ((ModelConfig, string)[])
        [
            (MadeModel.Gpt2, "this is a gpt2"), (MadeModel.Qwen3, "this is a qwen3"), (MadeModel.Llama with { RmsNormEps = 1e-6f }, "rms_norm_eps"),
            (MadeModel.Llama with { RopeTheta = 500_000 }, "500000"), (MadeModel.Llama with { HeadDim = 16 }, "the model's have 16"),
        ])
        {
            using var model = MadeModel.Of(config);
            Refused(said, () => Written(model, "f32"));
        }
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Root));
    }

    [Fact]
    public void Other_versions_are_refused_by_name()
    {
        using var model = MadeModel.Of(MadeModel.Llama);
        byte[] bytes = File.ReadAllBytes(Written(model, "f32-v1"));
        bytes[4] = 2;
        Refused("version 2, whose weights are int8", () => CheckpointFormats.Open(Saved(bytes)));
        bytes[4] = 7;
        Refused("version 7; versions 0", () => CheckpointFormats.Open(Saved(bytes)));
    }

    [Theory]
    [InlineData(0), InlineData(1)]
    public void Sizes_that_lie_and_files_that_are_cut_are_refused(int version)
    {
        using var model = MadeModel.Of(MadeModel.Llama);
        byte[] good = File.ReadAllBytes(Written(model, version == 0 ? "f32" : "f32-v1"));
        int numbers = version == 0 ? 0 : 8;
        for (int field = 0; field < 7; field++)
            foreach (int lie in (int[])[0, -1, 1, 7, 31, 1 << 20, 1 << 24, int.MaxValue, int.MinValue])
            {
                byte[] bytes = [.. good];
                BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(numbers + 4 * field), lie);
                if (version == 1 && field == 6 && lie is > 0 and <= 1 << 20)
                    continue; // a context is nowhere else in the file: any small one is as good
                Refused("", () => CheckpointFormats.Open(Saved(bytes)).Dispose());
            }
        for (int length = 0; length < good.Length; length += length < 300 ? 1 : 997)
            Refused("", () => CheckpointFormats.Open(Saved(good[..length])).Dispose());
    }

    string Written(ILanguageModel model, string type)
    {
        string path = _folder["written.bin"];
        File.Delete(path);
        CheckpointFormats.Write(Llama2cFormat.Instance, path, model, new(), new() { Type = type });
        return path;
    }

    string Saved(byte[] bytes)
    {
        File.WriteAllBytes(_folder["raw.bin"], bytes);
        return _folder["raw.bin"];
    }

    static int[] Numbers(byte[] bytes, int start, int count) =>
        [.. Enumerable.Range(0, count).Select(i => BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(start + 4 * i)))];

    static float[] Floats(byte[] bytes, int start) => [.. MemoryMarshal.Cast<byte, float>(bytes.AsSpan(start))];

    static void Refused(string said, Action act)
    {
        string message = Assert.Throws<CheckpointException>(act).Message;
        Assert.Contains(said, message);
        Assert.DoesNotContain('\n', message);
    }
}
