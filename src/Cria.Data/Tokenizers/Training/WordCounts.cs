using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Cria.Data.Tokenizers.Training;

/// <summary>
/// How often each distinct word occurs: an open-addressing table over one growing array of bytes, so a corpus costs
/// no object a word. Words are numbered in the order of their first appearance.
/// </summary>
sealed class WordCounts
{
    int[] _table = new int[1 << 12]; // word number + 1, 0 where empty
    Word[] _words = new Word[1 << 11];
    byte[] _bytes = new byte[1 << 15];
    int _bytesUsed;

    public int Count { get; private set; }

    /// <summary>The memory that words take.</summary>
    public long SizeInBytes => ((long)_table.Length * sizeof(int)) + ((long)Count * Unsafe.SizeOf<Word>()) + _bytesUsed;

    /// <summary>The bytes of word <paramref name="i"/>.</summary>
    public ReadOnlySpan<byte> Bytes(int i) => _bytes.AsSpan(_words[i].Start, _words[i].Length);

    /// <summary>Every word with its occurrences, in no order.</summary>
    public IEnumerable<(ReadOnlyMemory<byte> Word, long Occurrences)> All()
    {
        for (int i = 0; i < Count; i++)
            yield return (_bytes.AsMemory(_words[i].Start, _words[i].Length), _words[i].Occurrences);
    }

    /// <summary>The numbers of all words, in the order of their bytes.</summary>
    public int[] Sorted()
    {
        (ulong Head, int Word)[] order = new (ulong, int)[Count];
        for (int i = 0; i < Count; i++)
            order[i] = (Head(Bytes(i)), i);
        order.AsSpan().Sort((a, b) => a.Head != b.Head ? a.Head.CompareTo(b.Head) : Bytes(a.Word).SequenceCompareTo(Bytes(b.Word)));
        return Array.ConvertAll(order, entry => entry.Word);
    }

    /// <summary>Forgets every word and keeps the room.</summary>
    public void Clear()
    {
        Array.Clear(_table);
        (Count, _bytesUsed) = (0, 0);
    }

    public long Occurrences(int i) => _words[i].Occurrences;

    public void Add(ReadOnlySpan<byte> word, long occurrences)
    {
        uint hash = Hash(word);
        int place = (int)hash & (_table.Length - 1);
        for (; _table[place] != 0; place = (place + 1) & (_table.Length - 1))
        {
            ref Word candidate = ref _words[_table[place] - 1];
            if (candidate.Hash == hash && candidate.Length == word.Length
                && _bytes.AsSpan(candidate.Start, candidate.Length).SequenceEqual(word))
            {
                candidate.Occurrences += occurrences;
                return;
            }
        }
        _table[place] = Append(word, hash, occurrences) + 1;
        if (Count * 2 > _table.Length)
            Rehash();
    }

    public void AddAll(WordCounts other)
    {
        for (int i = 0; i < other.Count; i++)
            Add(other.Bytes(i), other.Occurrences(i));
    }

    /// <summary>The first eight bytes as a number that sorts as they do.</summary>
    static ulong Head(ReadOnlySpan<byte> word)
    {
        if (word.Length >= sizeof(ulong))
            return BinaryPrimitives.ReadUInt64BigEndian(word);
        Span<byte> padded = stackalloc byte[sizeof(ulong)];
        padded.Clear();
        word.CopyTo(padded);
        return BinaryPrimitives.ReadUInt64BigEndian(padded);
    }

    int Append(ReadOnlySpan<byte> word, uint hash, long occurrences)
    {
        if (word.Length > Array.MaxLength - _bytesUsed)
            throw new DataException(
                $"The distinct words of the corpus take more than {Array.MaxLength} bytes; train on a sample of it.");
        if (_bytesUsed + word.Length > _bytes.Length)
            Array.Resize(ref _bytes, (int)Math.Min(Array.MaxLength, (_bytesUsed + (long)word.Length) * 2));
        if (Count == _words.Length)
            Array.Resize(ref _words, Count * 2);
        word.CopyTo(_bytes.AsSpan(_bytesUsed));
        _words[Count] = new Word(_bytesUsed, word.Length, hash) { Occurrences = occurrences };
        _bytesUsed += word.Length;
        return Count++;
    }

    void Rehash()
    {
        _table = new int[_table.Length * 2];
        for (int i = 0; i < Count; i++)
        {
            int place = (int)_words[i].Hash & (_table.Length - 1);
            while (_table[place] != 0)
                place = (place + 1) & (_table.Length - 1);
            _table[place] = i + 1;
        }
    }

    /// <summary>FNV-1a over four bytes at a time, then mixed, as the table uses the low bits.</summary>
    static uint Hash(ReadOnlySpan<byte> word)
    {
        uint hash = 2166136261;
        for (; word.Length >= 4; word = word[4..])
            hash = BitOperations.RotateLeft((hash ^ BitConverter.ToUInt32(word)) * 16777619, 13);
        foreach (byte b in word)
            hash = (hash ^ b) * 16777619;
        hash = (hash ^ (hash >> 15)) * 0x85EBCA6B;
        return hash ^ (hash >> 13);
    }

    struct Word(int start, int length, uint hash)
    {
        public readonly int Start = start, Length = length;
        public readonly uint Hash = hash;
        public long Occurrences;
    }
}
