using System.Buffers.Binary;

namespace Cria.Data.Tokenizers.Normalizers;

/// <summary>
/// SentencePiece's compiled rules of normalisation: byte strings and what they become, as a double-array trie of 32-bit
/// units (Aoe 1989, in the layout of Darts-clone) followed by the rewritten strings, each ended by a zero byte.
/// </summary>
public sealed class CharacterMap
{
    /// <summary>Keys are single characters with their marks; SentencePiece's own have at most 18 bytes.</summary>
    const int LongestKey = 64;

    /// <summary>No character becomes more; SentencePiece's own rules write at most 33 bytes.</summary>
    const int LongestString = 1024;

    readonly uint[] _units;
    readonly byte[] _strings;
    readonly int _growth;

    /// <param name="compiled">A little-endian length in bytes, the units, the strings.</param>
    /// <exception cref="DataException">The lengths contradict each other, or a rule writes too much.</exception>
    public CharacterMap(byte[] compiled)
    {
        ArgumentNullException.ThrowIfNull(compiled);
        Compiled = compiled;
        uint trieBytes = compiled.Length >= 4 ? BinaryPrimitives.ReadUInt32LittleEndian(compiled) : 0;
        if (trieBytes < 4 || trieBytes % 4 != 0 || trieBytes > compiled.Length - 4)
            throw new DataException(
                $"The compiled character map of {compiled.Length} bytes says that its trie has {trieBytes}; it is damaged.");
        _units = new uint[trieBytes / 4];
        for (int i = 0; i < _units.Length; i++)
            _units[i] = BinaryPrimitives.ReadUInt32LittleEndian(compiled.AsSpan(4 + 4 * i));
        _strings = compiled[(4 + (int)trieBytes)..];
        _growth = Growth();
    }

    /// <summary>The bytes it was made from, to be written again.</summary>
    public ReadOnlyMemory<byte> Compiled { get; }

    /// <summary>No text of so many bytes becomes longer than this.</summary>
    public long MaxBytes(long utf8Bytes) => utf8Bytes * _growth;

    /// <summary>The longest key that the text begins with, as SentencePiece applies the map.</summary>
    public bool TryLongestPrefix(ReadOnlySpan<byte> text, out int length, out ReadOnlySpan<byte> rewritten)
    {
        (length, int value) = Find(text, takesLongest: true);
        rewritten = length > 0 ? String(value) : default;
        return length > 0;
    }

    /// <summary>The shortest key that the text begins with, as Hugging Face's tokenizers apply the map.</summary>
    public bool TryShortestPrefix(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> rewritten)
    {
        (int length, int value) = Find(text, takesLongest: false);
        rewritten = length > 0 ? String(value) : default;
        return length > 0;
    }

    (int Length, int Value) Find(ReadOnlySpan<byte> text, bool takesLongest)
    {
        (int Length, int Value) found = (0, -1);
        uint place = Offset(_units[0]);
        for (int i = 0; i < text.Length && i < LongestKey; i++)
        {
            place ^= text[i];
            if (place >= _units.Length || Label(_units[place]) != text[i])
                break;
            uint unit = _units[place];
            place ^= Offset(unit);
            if (!HasLeaf(unit) || place >= _units.Length)
                continue;
            found = (i + 1, (int)(_units[place] & 0x7FFF_FFFF));
            if (!takesLongest)
                break;
        }
        return found;
    }

    ReadOnlySpan<byte> String(int start)
    {
        if (start >= _strings.Length)
            return default;
        ReadOnlySpan<byte> text = _strings.AsSpan(start);
        int end = text.IndexOf((byte)0);
        return end < 0 ? text : text[..end];
    }

    /// <summary>The most bytes that one byte of a key becomes, over all keys.</summary>
    int Growth()
    {
        int growth = 1;
        // A damaged trie may run in circles, and come to a node by keys of several lengths: the shortest is met first.
        bool[] seen = new bool[_units.Length];
        Queue<(uint Place, int Depth)> open = new([(Offset(_units[0]), 0)]);
        while (open.TryDequeue(out (uint Place, int Depth) node))
            for (uint label = 0; label < 256; label++)
            {
                uint child = node.Place ^ label;
                if (child >= _units.Length || seen[child] || Label(_units[child]) != label || node.Depth >= LongestKey)
                    continue;
                seen[child] = true;
                uint below = child ^ Offset(_units[child]);
                if (HasLeaf(_units[child]) && below < _units.Length)
                {
                    int length = String((int)(_units[below] & 0x7FFF_FFFF)).Length;
                    if (length > LongestString)
                        throw new DataException($"The compiled character map writes {length} bytes for one character; it is damaged.");
                    growth = Math.Max(growth, (length + node.Depth) / (node.Depth + 1));
                }
                open.Enqueue((below, node.Depth + 1));
            }
        return growth;
    }

    static bool HasLeaf(uint unit) => (unit >> 8 & 1) == 1;

    static uint Label(uint unit) => unit & 0x8000_00FF;

    static uint Offset(uint unit) => unit >> 10 << (int)((unit & 0x200) >> 6);
}
