using Cria.Engine.Kernels;
using Cria.Engine.Kernels.Reference;
using Cria.Models.Decoding;

namespace Cria.Models.Tests.Decoding;

public sealed class DecoderTests
{
    static readonly LlamaConfig Config = Sizes.SmallLlama with { InitializerRange = 0.2f, MaxPositionEmbeddings = 40 };

    [Theory]
    [MemberData(nameof(Sizes.Architectures), MemberType = typeof(Sizes))]
    public void A_prompt_read_at_once_in_parts_or_token_by_token_gives_the_same_logits(string architecture)
    {
        int[] ids = Sizes.Tokens(40);
        using var model = TestModels.Ready(Sizes.Small[architecture] with { InitializerRange = 0.2f, MaxPositionEmbeddings = 40 });
        foreach (var kernels in (IKernels[])[new ReferenceKernels<float>(), .. KernelChoice.All(2)])
        {
            using var owned = new Owned(kernels);
            double[] whole = TestModels.Logits(model, kernels, ids);
            foreach (int prefill in (int[])[64, 7, 1])
            {
                float[] decoded = Decode(model, kernels, ids, prefill);
                double worst = whole.Zip(decoded, (a, b) => Math.Abs(a - b)).Max();
                Assert.True(worst < 1e-4, $"{kernels.Name}, {prefill} at once: {worst}");
            }
        }
    }

    [Fact]
    public void A_prompt_read_without_asking_for_each_token_ends_in_the_same_bits()
    {
        int[] ids = Sizes.Tokens(40);
        using var model = TestModels.Ready(Config);
        foreach (var kernels in KernelChoice.All(2))
        {
            using var owned = new Owned(kernels);
            foreach (int prefill in (int[])[64, 13, 3])
            {
                using var decoder = new Decoder(model, kernels, prefill);
                decoder.Append(ids);
                Assert.Equal(40, decoder.Length);
                Assert.Equal(Decode(model, kernels, ids, prefill)[^Config.VocabSize..], decoder.Logits.ToArray());
            }
        }
    }

    [Theory]
    [InlineData(1, 64), InlineData(64, 64), InlineData(65, 128), InlineData(990, 1000), InlineData(int.MaxValue, 1000), InlineData(0, 1000)]
    public void The_cache_has_room_for_what_is_wanted_and_never_for_more_than_the_context(int tokens, int capacity)
    {
        using var model = TestModels.Ready(Config with { MaxPositionEmbeddings = 1000 });
        using var decoder = new Decoder(model, new ReferenceKernels<float>(), tokens: tokens);
        Assert.Equal(capacity, decoder.Capacity);
    }

    [Fact]
    public void The_number_of_threads_does_not_change_a_bit()
    {
        int[] ids = Sizes.Tokens(33);
        using var model = TestModels.Ready(Config);
        using var one = new Owned(KernelChoice.Best(1));
        using var three = new Owned(KernelChoice.Best(3));
        Assert.Equal(Decode(model, one.Kernels, ids, 16), Decode(model, three.Kernels, ids, 16));
    }

    [Fact]
    public void After_a_reset_nothing_of_the_old_text_is_left()
    {
        using var model = TestModels.Ready(Config);
        using var decoder = new Decoder(model, new ReferenceKernels<float>());
        decoder.Append([5, 6, 7]);
        float[] fresh = decoder.Logits.ToArray();
        decoder.Reset();
        decoder.Append(Sizes.Tokens(30));
        decoder.Reset();
        Assert.Equal(0, decoder.Length);
        decoder.Append([5, 6, 7]);
        Assert.Equal(fresh, decoder.Logits.ToArray());
    }

    [Theory]
    [InlineData(97), InlineData(-1), InlineData(int.MaxValue), InlineData(int.MinValue)]
    public void A_token_outside_the_vocabulary_is_refused_before_anything_is_read(int id)
    {
        using var model = TestModels.Ready(Config);
        using var decoder = new Decoder(model, new ReferenceKernels<float>());
        string message = Assert.Throws<ConfigException>(() => decoder.Append([1, id])).Message;
        Assert.Contains($"token {id} ", message);
        Assert.Contains("0 to 96", message);
        Assert.Equal(0, decoder.Length);
    }

    [Fact]
    public void A_full_context_goes_on_with_its_second_half()
    {
        using var model = TestModels.Ready(Config);
        using var decoder = new Decoder(model, new ReferenceKernels<float>());
        int[] prompt = Sizes.Tokens(5);
        int[] made = [.. Generation.Run(decoder, prompt, 100, null, new() { Temperature = 0 })];
        Assert.Equal(100, made.Length);
        Assert.Equal(made[..30], Generation.Run(decoder, prompt, 30, null, new() { Temperature = 0 }));
        Assert.True(decoder.Length <= decoder.Capacity);

        // 40 tokens fill the context; the next is chosen after it was read again from its second half.
        int[] all = [.. prompt, .. made];
        using var again = new Decoder(model, new ReferenceKernels<float>());
        again.Append(all.AsSpan(41 - 20, 20));
        Assert.Equal(all[41], again.Logits.IndexOf(again.Logits.ToArray().Max()));
    }

    [Fact]
    public void A_prompt_longer_than_the_context_is_cut_at_its_beginning()
    {
        using var model = TestModels.Ready(Config);
        using var decoder = new Decoder(model, new ReferenceKernels<float>());
        int[] prompt = Sizes.Tokens(200);
        Assert.Equal(Generation.Run(decoder, prompt[^20..], 5, null, new() { Temperature = 0 }).ToArray(),
            Generation.Run(decoder, prompt, 5, null, new() { Temperature = 0 }).ToArray());
    }

    [Fact]
    public void Generation_stops_at_the_end_of_text_and_refuses_an_empty_prompt()
    {
        using var model = TestModels.Ready(Config);
        using var decoder = new Decoder(model, new ReferenceKernels<float>());
        int[] free = [.. Generation.Run(decoder, [1, 2, 3], 12, null, new() { Temperature = 0 })];
        int end = free[^1], first = Array.IndexOf(free, end);
        Assert.Equal(free[..first], Generation.Run(decoder, [1, 2, 3], 12, end, new() { Temperature = 0 }));
        Assert.Throws<ConfigException>(() => Generation.Run(decoder, [], 3, null, new()).ToArray());
        Assert.Empty(Generation.Run(decoder, [1], 0, null, new()));
    }

    static float[] Decode(ILanguageModel model, IKernels kernels, int[] ids, int prefill)
    {
        using var decoder = new Decoder(model, kernels, prefill);
        List<float> logits = [];
        decoder.Append(ids, (_, row) => logits.AddRange(row));
        return [.. logits];
    }
}
