using System.Runtime.InteropServices;

namespace Cria.Data.Tokenizers.SentencePieces;

/// <summary>
/// Text as SentencePiece segments it: characters rewritten by the model's map, superfluous spaces gone, "▁" for every
/// space and one before the text. User-defined pieces pass as they are, and so do bytes that are not UTF-8.
/// </summary>
sealed class SentenceNormalizer(SentencePieceModel model, ByteTrie userDefined)
{
    readonly byte[] _space = model.EscapeWhitespaces ? PieceVocabulary.Space.ToArray() : [(byte)' '];
    readonly bool _keepsCharacters = model.CharacterMap is null && !model.RemoveExtraWhitespaces && userDefined.IsEmpty;

    /// <summary>The most bytes that the normal form of so many bytes can have.</summary>
    public long MaxBytes(int utf8Bytes)
    {
        long rewritten = model.CharacterMap?.MaxBytes(utf8Bytes) ?? utf8Bytes;
        return (rewritten + (model.AddDummyPrefix ? 1 : 0)) * _space.Length;
    }

    /// <summary>Replaces <paramref name="output"/> by the normal form of the text.</summary>
    public void Normalize(ReadOnlySpan<byte> text, List<byte> output)
    {
        output.Clear();
        if (model.RemoveExtraWhitespaces)
            while (text.Length > 0 && First(text, out int length) is [(byte)' '])
                text = text[length..];
        if (text.IsEmpty)
            return;
        if (model.AddDummyPrefix)
            output.AddRange(_space);
        if (_keepsCharacters)
            Append(text, output);
        else
            Rewrite(text, output);
        if (model.RemoveExtraWhitespaces)
            while (CollectionsMarshal.AsSpan(output).EndsWith(_space))
                output.RemoveRange(output.Count - _space.Length, _space.Length);
    }

    void Rewrite(ReadOnlySpan<byte> text, List<byte> output)
    {
        bool isAfterSpace = model.RemoveExtraWhitespaces;
        while (text.Length > 0)
        {
            ReadOnlySpan<byte> rewritten = First(text, out int length);
            text = text[length..];
            if (isAfterSpace)
                rewritten = rewritten.TrimStart((byte)' ');
            if (rewritten.IsEmpty)
                continue;
            Append(rewritten, output);
            isAfterSpace = model.RemoveExtraWhitespaces && rewritten[^1] == ' ';
        }
    }

    /// <summary>What the first character, or the user-defined piece or rule that stands there, becomes.</summary>
    ReadOnlySpan<byte> First(ReadOnlySpan<byte> text, out int length)
    {
        (length, _) = userDefined.LongestPrefix(text);
        if (length > 0)
            return text[..length];
        if (model.CharacterMap is { } map && map.TryLongestPrefix(text, out length, out ReadOnlySpan<byte> rewritten))
            return rewritten;
        Utf8Characters.First(text, out length);
        return text[..length];
    }

    void Append(ReadOnlySpan<byte> text, List<byte> output)
    {
        for (int space; (space = text.IndexOf((byte)' ')) >= 0; text = text[(space + 1)..])
        {
            output.AddRange(text[..space]);
            output.AddRange(_space);
        }
        output.AddRange(text);
    }
}
