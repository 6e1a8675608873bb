using System.Text;

namespace Cria.Data.Tokenizers;

/// <summary>The door of a <see cref="BpeModel"/>: inside, the encoder trusts what is checked here.</summary>
static class BpeModelCheck
{
    /// <summary>Checks the whole model and returns the id of each of the 256 bytes.</summary>
    /// <exception cref="DataException">Names the first fault and the values on both sides.</exception>
    public static int[] ByteIds(BpeModel model)
    {
        HashSet<int> special = [];
        foreach (int id in model.SpecialIds)
            special.Add(SpecialId(model, id));

        int[] byteIds = new int[256];
        Array.Fill(byteIds, -1);
        for (int id = 0; id < model.Tokens.Count; id++)
        {
            if (model.Tokens[id].Length == 0)
                throw new DataException($"Token {id} is empty; every token must stand for at least one byte.");
            if (model.Tokens[id].Length == 1 && !special.Contains(id))
                byteIds[model.Tokens[id][0]] = id;
        }
        int missing = Array.IndexOf(byteIds, -1);
        if (missing >= 0)
            throw new DataException(
                $"The vocabulary has no token for byte 0x{missing:X2}; a byte-level tokenizer needs all 256.");

        for (int rank = 0; rank < model.Merges.Count; rank++)
            Merge(model, rank, special);
        return byteIds;
    }

    static int SpecialId(BpeModel model, int id)
    {
        if ((uint)id >= (uint)model.Tokens.Count)
            throw new DataException($"Special token {id} is not in the vocabulary of {model.Tokens.Count}.");
        if (model.Tokens[id].Length < 2)
            throw new DataException(
                $"Special token {id} is named '{Encoding.UTF8.GetString(model.Tokens[id])}'; "
                + "a special token's name needs at least two bytes, or it is mistaken for text.");
        return id;
    }

    static void Merge(BpeModel model, int rank, HashSet<int> special)
    {
        (int left, int right, int result) = model.Merges[rank];
        int size = model.Tokens.Count;
        if ((uint)left >= (uint)size || (uint)right >= (uint)size || (uint)result >= (uint)size)
            throw new DataException(
                $"Merge {rank} joins {left} and {right} to {result}, outside the vocabulary of {size}.");
        if (special.Contains(left) || special.Contains(right) || special.Contains(result))
            throw new DataException(
                $"Merge {rank} joins {left} and {right} to {result}, one of which is a special token.");

        ReadOnlySpan<byte> a = model.Tokens[left], b = model.Tokens[right], joined = model.Tokens[result];
        if (joined.Length != a.Length + b.Length || !joined.StartsWith(a) || !joined.EndsWith(b))
            throw new DataException(
                $"Merge {rank} joins '{ByteCharacters.Print(a)}' and '{ByteCharacters.Print(b)}' "
                + $"to '{ByteCharacters.Print(joined)}', which is not the two together.");
    }
}
