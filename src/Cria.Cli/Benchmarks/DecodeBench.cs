using System.Diagnostics;
using Cria.Engine.Graphs;
using Cria.Engine.Kernels;
using Cria.Models;
using Cria.Models.Decoding;

namespace Cria.Cli.Benchmarks;

/// <summary>What <c>cria bench decode --json</c> prints.</summary>
public sealed record DecodeResult(
    double TokensPerSecond, double MillisecondsPerToken, long BytesPerToken, string BytesFormula,
    double ReadBytesPerSecond, double ShareOfReadBandwidth, double PrefillTokensPerSecond, int PrefillTokens,
    double PrefillShareOfMatmulPeak, double MatmulPeakGflops, long AllocatedBytesPerToken, long Parameters, int Threads,
    string Kernels, string Model);

/// <summary>Times decoded tokens, sampling included, and the reading of a prompt.</summary>
sealed class DecodeBench : IDisposable
{
    /// <summary>Tokens before the first that is timed.</summary>
    const int ShortPrompt = 32;

    public const string Formula = "4 × matmul weights (head in, embedding out) + the cached keys and values that the token sees";

    readonly ILanguageModel _model;
    readonly Decoder _decoder;
    readonly Sampler _sampler;
    readonly int[] _prompt;

    /// <param name="model">The model, allocated.</param>
    /// <param name="kernels">The backend.</param>
    /// <param name="prefill">Tokens of the prompt whose reading is timed.</param>
    /// <param name="tokens">Tokens that are decoded.</param>
    public DecodeBench(ILanguageModel model, IKernels kernels, int prefill, int tokens)
    {
        _model = model;
        _decoder = new(model, kernels, tokens: Math.Max(prefill, ShortPrompt + tokens));
        _sampler = new(new() { Temperature = 0 }, _decoder.VocabSize);
        _prompt = new int[Math.Min(prefill, _decoder.Capacity)];
        for (int i = 0; i < _prompt.Length; i++)
            _prompt[i] = (int)(i * 2654435761L % _decoder.VocabSize);
    }

    public int PrefillTokens => _prompt.Length;

    public Plan StepPlan => _decoder.StepPlan;

    /// <summary>The multiply-adds of reading the prompt, twice: all but the head, which only the last tokens need, and attention.</summary>
    public double PrefillFlops
    {
        get
        {
            var config = _model.Config;
            double projections = config.MatMulWeights - (double)config.VocabSize * config.HiddenSize;
            return 2 * PrefillTokens * (projections + (double)config.NumHiddenLayers * config.AttentionColumns * PrefillTokens);
        }
    }

    /// <summary>Reads the prompt; its seconds.</summary>
    public double Read()
    {
        _decoder.Reset();
        long began = Stopwatch.GetTimestamp();
        _decoder.Append(_prompt);
        return Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    /// <summary>Begins anew behind a short prompt.</summary>
    public void Begin()
    {
        _decoder.Reset();
        _decoder.Append(_prompt.AsSpan(0, Math.Min((_prompt.Length + 1) / 2, ShortPrompt)));
    }

    /// <summary>Draws a token and appends it; its seconds, and the bytes of memory it must read.</summary>
    public (double Seconds, long Bytes) Token()
    {
        long began = Stopwatch.GetTimestamp();
        int id = _sampler.Next(_decoder.Logits);
        _decoder.Append([id]);
        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        var config = _model.Config;
        long numbers = config.MatMulWeights + 2L * config.NumHiddenLayers * config.KeyValueColumns * _decoder.Length;
        return (seconds, numbers * sizeof(float));
    }

    public bool IsFull => _decoder.Length == _decoder.Capacity;

    public void Dispose() => _decoder.Dispose();
}
