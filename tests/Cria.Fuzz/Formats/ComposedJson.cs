using Cria.Interop.HuggingFace;
using Cria.Interop.SentencePiece;

namespace Cria.Fuzz.Formats;

/// <summary>A tokenizer.json of many parts: normalizers, a vocabulary with byte fallback, decoders.</summary>
sealed class ComposedJson : IFormat
{
    public string Name => "tokenizer-parts";

    public string Make(string folder)
    {
        string path = Path.Combine(folder, "tokenizer.json");
        TokenizerJson.Write(SentencePieceFile.Read(SentencePieces.Write(folder)), path);
        return path;
    }

    public byte[] Lie(Random random, byte[] good) => JsonLies.Lie(random, good);

    public void Read(string path, MeteredDevice device) => TinyModel.Use(TokenizerJson.Read(path));
}
