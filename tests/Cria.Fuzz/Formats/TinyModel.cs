using System.Text;
using Cria.Data.Tokenizers;
using Cria.Engine.Tensors;
using Cria.Interop.Checkpoints;
using Cria.Interop.HuggingFace;
using Cria.Models;

namespace Cria.Fuzz.Formats;

/// <summary>A whole model of a few thousand numbers with a tokenizer of its own, to be written in every format.</summary>
static class TinyModel
{
    const string Text = "a cat sat on the mat and the hat sat on the cat; the rat ran at the cat and that was that";

    public static BpeTokenizer Tokenizer { get; } = BpeTrainer.Train(
        [Encoding.UTF8.GetBytes(Text)], new BpeTrainerOptions { VocabSize = 300, MinFrequency = 2, SpecialTokens = ["<|endoftext|>"] });

    /// <summary>Writes it in a format.</summary>
    public static string Write(string format, string path, string? type = null, long maxShardBytes = long.MaxValue)
    {
        using var model = new Llama(new LlamaConfig
        {
            VocabSize = Tokenizer.VocabSize,
            HiddenSize = 16,
            NumHiddenLayers = 2,
            NumAttentionHeads = 4,
            NumKeyValueHeads = 2,
            IntermediateSize = 24,
            MaxPositionEmbeddings = 32,
        }, CpuDevice.Instance);
        model.Parameters.Allocate(withGradients: false);
        model.Parameters.Initialize(1);
        var contents = new CheckpointContents
        {
            Files = format == "llama2c" // it has no byte-level tokenizers
                ? new Dictionary<string, byte[]>()
                : new Dictionary<string, byte[]> { [TokenizerJson.FileName] = TokenizerJson.CanonicalBytes(Tokenizer) },
            Specials = new(EndOfText: 0),
        };
        CheckpointFormats.Write(CheckpointFormats.Writable.Single(f => f.Name == format), path, model, contents,
            new() { Type = type, MaxShardBytes = maxShardBytes });
        return path;
    }

    /// <summary>What a program does with a checkpoint: weights, tokenizer, and a look at both.</summary>
    public static void Read(string path, MeteredDevice device)
    {
        using var checkpoint = CheckpointFormats.Open(path);
        using var model = checkpoint.Model(device);
        if (checkpoint.Contents.Tokenizer is { } tokenizer)
            Use(tokenizer);
    }

    public static void Use(ITokenizer tokenizer) => _ = tokenizer.Decode(tokenizer.Encode("The cat\u00A0sat, 1 2  3 \u732B \U0001F63A<|endoftext|>\n"));
}
