using Cria.Data.Sampling;
using Cria.Models;

namespace Cria.Training.Tests.Stopping;

/// <summary>Tokens that take time to evaluate: every read moves the clock.</summary>
sealed class TimedStream(ITokenStream inner, FakeTime time, double secondsPerToken) : ITokenStream
{
    public string Name => inner.Name;

    public long Tokens => inner.Tokens;

    public int VocabSize => inner.VocabSize;

    public int? EndOfText => inner.EndOfText;

    public long? Documents => inner.Documents;

    public string ManifestHash => inner.ManifestHash;

    public string? TokenizerSha256 => inner.TokenizerSha256;

    public void Read(long offset, Span<int> tokens)
    {
        inner.Read(offset, tokens);
        time.Advance(tokens.Length * secondsPerToken);
    }

    public void ReadDocumentStarts(long first, Span<long> starts) => inner.ReadDocumentStarts(first, starts);
}

/// <summary>A disk that takes time: every model that is saved moves the clock of the thread that saves it.</summary>
sealed class TimedStore(IModelStore inner, FakeTime time, double seconds) : IModelStore
{
    public void Save(string folder, ILanguageModel model)
    {
        inner.Save(folder, model);
        time.Advance(seconds);
    }

    public void Load(string folder, ILanguageModel model) => inner.Load(folder, model);
}
