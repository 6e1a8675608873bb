using System.Buffers;

namespace Cria.Data.Tokenizers;

/// <summary>
/// Encodes one long text on several threads: it is cut where the splitter says that both parts keep the words of the
/// whole, so the ids are those of one thread.
/// </summary>
sealed class ParallelEncoding(BpeTokenizer tokenizer, int threads)
{
    /// <summary>Large enough that handing a part over costs nothing, small enough that the last ones end together.</summary>
    internal const int PartBytes = 1 << 16;

    /// <param name="utf8">The text.</param>
    /// <param name="specials">What is found in the text as special tokens; null takes all of it as text.</param>
    /// <param name="ids">Where the ids go.</param>
    public int Encode(ReadOnlyMemory<byte> utf8, SpecialTokenFinder? specials, Span<int> ids)
    {
        int count = 0;
        foreach ((int[] part, int length) in new OrderedPipeline<Part, (int[], int)>(Encode, threads).Run(Parts(utf8, specials)))
        {
            part.AsSpan(0, length).CopyTo(ids[count..]);
            count += length;
            ArrayPool<int>.Shared.Return(part);
        }
        return count;
    }

    (int[] Ids, int Count) Encode(Part part)
    {
        int[] ids = ArrayPool<int>.Shared.Rent(Math.Max(1, tokenizer.MaxTokens(part.Text.Length)));
        if (part.Id < 0)
            return (ids, tokenizer.EncodePart(part.Text.Span, ids, part.Begins));
        ids[0] = part.Id;
        return (ids, 1);
    }

    IEnumerable<Part> Parts(ReadOnlyMemory<byte> utf8, SpecialTokenFinder? specials)
    {
        while (utf8.Length > 0)
        {
            (int end, int length, int id) = specials?.First(utf8.Span) ?? (utf8.Length, 0, -1);
            ReadOnlyMemory<byte> text = utf8[..end];
            for (bool begins = true; text.Length > 0; begins = false)
            {
                int cut = text.Length <= PartBytes
                    ? text.Length
                    : tokenizer.Model.Splitter.FirstCut(text.Span, PartBytes);
                yield return new Part(text[..cut], begins, -1);
                text = text[cut..];
            }
            if (id >= 0)
                yield return new Part(default, false, id);
            utf8 = utf8[(end + length)..];
        }
    }

    readonly record struct Part(ReadOnlyMemory<byte> Text, bool Begins, int Id);
}
