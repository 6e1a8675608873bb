using Cria.Data.Sampling;

namespace Cria.Data.Shards.Foreign;

/// <summary>A set of which only the manifest is left: enough to say what files it makes.</summary>
sealed class UnreadSet(string name, ShardManifest manifest) : ITokenStream
{
    public string Name => name;

    public long Tokens => manifest.Tokens;

    public int VocabSize => manifest.VocabSize;

    public int? EndOfText => manifest.EndOfText;

    public long? Documents => manifest.Documents;

    public string ManifestHash => throw Unread();

    public string? TokenizerSha256 => manifest.TokenizerSha256;

    public void Read(long offset, Span<int> tokens) => throw Unread();

    InvalidOperationException Unread() => new($"{name} is no longer there to be read.");
}
