using Cria.Models;

namespace Cria.Training.Budgets;

/// <summary>
/// The Llamas that a plan chooses from: widths in steps that the kernels like, and depths at which Kaplan et al. 2020 (section
/// 3.1, figure 5) found the loss to
/// depend on the number of parameters alone, within about a hundredth.
/// </summary>
public static class CandidateShapes
{
    /// <summary>Widths for each layer, at least and at most.</summary>
    const double Deepest = 20, Widest = 64;

    /// <summary>A single layer cannot look for what followed the last time (Olsson et al. 2022, "In-context Learning and Induction Heads"): it needs twice the
    /// tokens of two (docs/budgets.md).</summary>
    const int FewestLayers = 2;

    const int MostLayers = 32;

    /// <summary>A vocabulary is worth learning from so many bytes of text for each of its tokens: each is then seen some dozens of
    /// times.</summary>
    const double BytesForEachToken = 256;

    static readonly int[] AllVocabularies = [512, 1024, 2048, 4096, 8192, 16384];

    /// <summary>The vocabularies that so much text can teach; the smallest always.</summary>
    public static IReadOnlyList<int> Vocabularies(double bytes) =>
        [.. AllVocabularies.Where(vocabulary => vocabulary == AllVocabularies[0] || vocabulary * BytesForEachToken <= bytes)];

    /// <summary>All shapes over one vocabulary, the narrowest first.</summary>
    /// <param name="vocabulary">V</param>
    /// <param name="length">T, which is the context as well.</param>
    public static IEnumerable<LlamaConfig> Of(int vocabulary, int length)
    {
        foreach (int width in Widths())
        {
            int fewest = Math.Max(FewestLayers, (int)Math.Ceiling(width / Widest));
            int most = Math.Min(MostLayers, Math.Max(FewestLayers, (int)(width / Deepest)));
            for (int layers = fewest; layers <= most; layers++)
                yield return Llama(vocabulary, width, layers, length);
        }
    }

    /// <summary>A Llama with heads of 32 where it is narrow and 64 where it is wide, and an MLP of 8/3 the width, which makes
    /// SwiGLU's three matrices as large as
    /// the usual two (Shazeer 2020).</summary>
    public static LlamaConfig Llama(int vocabulary, int width, int layers, int length)
    {
        int head = width < 256 ? 32 : 64, grain = width < 256 ? 32 : 64;
        return new()
        {
            VocabSize = vocabulary,
            HiddenSize = width,
            NumHiddenLayers = layers,
            NumAttentionHeads = width / head,
            NumKeyValueHeads = width / head,
            IntermediateSize = (int)Math.Round(width * 8.0 / 3 / grain) * grain,
            MaxPositionEmbeddings = length,
            Initialization = "fan_in",
        };
    }

    static IEnumerable<int> Widths()
    {
        for (int width = 32; width <= 4096; width += width < 256 ? 32 : width < 1024 ? 64 : 256)
            yield return width;
    }
}
