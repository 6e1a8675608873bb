using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Cria.Data;
using Cria.Data.Tokenizers;

namespace Cria.Interop.Tiktoken;

/// <summary>
/// OpenAI's rank files: every line a token in base 64, a space and its rank, which is its id. The file says neither how
/// text is cut into words nor what the special tokens are; both follow from which published encoding it is.
/// </summary>
public static class TiktokenFile
{
    /// <summary>No real rank file is larger.</summary>
    const long LargestFile = 256L << 20;

    /// <summary>No real token is longer; the work to find its merges grows with the longest.</summary>
    const int LongestToken = 1024;

    /// <param name="path">A .tiktoken file.</param>
    /// <exception cref="DataException">The file is absent, damaged, or not a published encoding.</exception>
    public static BpeTokenizer Read(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        byte[][] tokens = Tokens(path, SmallFile.Read(path, LargestFile));
        TiktokenEncoding encoding = TiktokenEncoding.Find(tokens.Length)
            ?? throw new DataException(
                $"{path} has {tokens.Length} tokens, like no published encoding ({TiktokenEncoding.Known}), so that it is not known "
                + "how it cuts words; convert it to a tokenizer.json.");
        try
        {
            string[] specials = [.. encoding.Specials()];
            return new BpeTokenizer(new BpeModel
            {
                Tokens = [.. tokens, .. specials.Select(Encoding.UTF8.GetBytes)],
                Merges = Merges(tokens),
                SpecialIds = [.. Enumerable.Range(tokens.Length, specials.Length)],
                Splitter = encoding.Splitter,
                IgnoreMerges = true,
            });
        }
        catch (DataException e)
        {
            throw new DataException($"{path}: {e.Message}", e);
        }
    }

    /// <summary>Whether a file begins like a rank file: base 64, a space, a number.</summary>
    public static bool LooksLike(ReadOnlySpan<byte> start)
    {
        int end = start.IndexOf((byte)'\n');
        ReadOnlySpan<byte> line = end < 0 ? start : start[..end].TrimEnd((byte)'\r');
        int space = line.IndexOf((byte)' ');
        return space > 0 && Base64.IsValid(line[..space]) && TryRank(line[(space + 1)..], out _);
    }

    static byte[][] Tokens(string path, ReadOnlySpan<byte> file)
    {
        Dictionary<int, byte[]> byRank = [];
        for (int number = 1; file.Length > 0; number++)
        {
            int end = file.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = (end < 0 ? file : file[..end]).TrimEnd((byte)'\r');
            file = end < 0 ? default : file[(end + 1)..];
            if (line.IsEmpty)
                continue;
            int space = line.IndexOf((byte)' ');
            if (space <= 0 || !Base64.IsValid(line[..space], out int length) || !TryRank(line[(space + 1)..], out int rank))
                throw new DataException($"{path}, line {number}: expected a token in base 64, a space and a rank.");
            if (length is 0 or > LongestToken)
                throw new DataException($"{path}, line {number}: the token has {length} bytes; expected 1 to {LongestToken}.");
            byte[] token = new byte[length];
            Base64.DecodeFromUtf8(line[..space], token, out _, out _);
            if (!byRank.TryAdd(rank, token))
                throw new DataException($"{path}, line {number}: the rank {rank} has been given before.");
        }
        byte[][] tokens = new byte[byRank.Count][];
        for (int rank = 0; rank < tokens.Length; rank++)
            tokens[rank] = byRank.TryGetValue(rank, out byte[]? token)
                ? token
                : throw new DataException(
                    $"{path}: {tokens.Length} tokens must have the ranks 0 to {tokens.Length - 1}, but {rank} is missing.");
        return tokens;
    }

    /// <summary>
    /// Two neighbours merge wherever they are a token together, the token of lowest rank first. So every cut of a token in
    /// two tokens is a merge; of one token's cuts that with the longer left part comes first, as if from left to right.
    /// </summary>
    static List<BpeMerge> Merges(byte[][] tokens)
    {
        Dictionary<string, int> ids = new(tokens.Length, StringComparer.Ordinal); // one character a byte
        for (int id = 0; id < tokens.Length; id++)
            ids.TryAdd(Encoding.Latin1.GetString(tokens[id]), id);
        var lookup = ids.GetAlternateLookup<ReadOnlySpan<char>>();
        List<BpeMerge> merges = [];
        for (int id = 0; id < tokens.Length; id++)
        {
            ReadOnlySpan<char> text = Encoding.Latin1.GetString(tokens[id]);
            for (int cut = text.Length - 1; cut > 0; cut--)
                if (lookup.TryGetValue(text[..cut], out int left) && lookup.TryGetValue(text[cut..], out int right))
                    merges.Add(new BpeMerge(left, right, id));
        }
        return merges;
    }

    static bool TryRank(ReadOnlySpan<byte> text, out int rank) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out rank);
}
