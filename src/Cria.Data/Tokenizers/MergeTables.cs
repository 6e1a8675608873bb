namespace Cria.Data.Tokenizers;

/// <summary>What the merge loop looks up, built once from a checked model and never changed after.</summary>
abstract class MergeTables
{
    /// <summary>In place of the rank of a pair that does not merge; greater than every rank.</summary>
    public const int NoRank = int.MaxValue;

    /// <summary>The ranks of the pairs that merge; pairs of equal rank merge from left to right.</summary>
    public abstract RankTable Ranks { get; }

    /// <summary>The token that a merge of this rank makes of the pair.</summary>
    public abstract int Result(int left, int right, int rank);

    /// <summary>The token that is the whole word, where the model asks for it before merging; otherwise −1.</summary>
    public virtual int WholeWord(ReadOnlySpan<byte> word) => -1;

    /// <summary>Writes the symbols that merging starts from; never more than the word has bytes.</summary>
    public abstract int Symbols(ReadOnlySpan<byte> word, Span<int> ids);

    /// <summary>Writes the rank of every symbol with the next one, or <see cref="NoRank"/>.</summary>
    public virtual void SymbolRanks(ReadOnlySpan<int> symbols, Span<int> ranks)
    {
        RankTable table = Ranks;
        for (int i = 0; i + 1 < symbols.Length; i++)
            ranks[i] = table[symbols[i], symbols[i + 1]];
    }

    /// <summary>Turns the symbols that are left into tokens; returns their count.</summary>
    /// <param name="ids">As long as the word; the first <paramref name="count"/> are symbols.</param>
    /// <param name="count">The number of symbols.</param>
    public virtual int Finish(Span<int> ids, int count) => count;
}
