namespace Cria.Data.Stories.Words;

/// <summary>How far two words of a held-out combination must stay apart.</summary>
public enum Scope { None, Sentence, Story }

/// <summary>
/// The combinations of words that no story contains, kept for the minimal pairs: about one in ten pairs of words of
/// the kinds below, by a keyed hash. A story choosing among words leaves the forbidden ones out and renormalises, so
/// its probability stays exact.
/// </summary>
public static class HeldOut
{
    const uint OneIn = 10;

    static readonly (WordKind First, WordKind Second, Scope Scope)[] Rules =
    [
        (WordKind.Name, WordKind.Thing, Scope.Story),
        (WordKind.Name, WordKind.Name, Scope.Story),
        (WordKind.Name, WordKind.Garment, Scope.Story),
        (WordKind.Name, WordKind.Place, Scope.Story),
        (WordKind.Name, WordKind.Reflex, Scope.Sentence),
        (WordKind.Animal, WordKind.Reflex, Scope.Sentence),
        (WordKind.Animal, WordKind.Act, Scope.Sentence),
        (WordKind.Role, WordKind.Craft, Scope.Sentence),
        (WordKind.Chore, WordKind.Ware, Scope.Sentence),
        (WordKind.Quality, WordKind.Goods, Scope.Sentence),
        (WordKind.Demo, WordKind.Goods, Scope.Sentence),
    ];

    static readonly Scope[,] Table = BuildTable();

    /// <summary>Within what unit of text the rule keeps these kinds apart; None if it does not.</summary>
    public static Scope ScopeOf(WordKind first, WordKind second) => Table[(int)first, (int)second];

    /// <summary>Whether the rule of the two words' kinds forbids this combination. Symmetric.</summary>
    public static bool Forbids(Word first, Word second)
    {
        if (ScopeOf(first.Kind, second.Kind) == Scope.None || first == second)
            return false;
        uint hash = (first.Key ^ second.Key) * 0x9E3779B1 + (first.Key + second.Key);
        hash = (hash ^ (hash >> 15)) * 0x85EBCA77;
        hash ^= hash >> 13;
        return hash % OneIn == 0;
    }

    static Scope[,] BuildTable()
    {
        int kinds = Enum.GetValues<WordKind>().Length;
        var table = new Scope[kinds, kinds];
        foreach ((WordKind first, WordKind second, Scope scope) in Rules)
            table[(int)first, (int)second] = table[(int)second, (int)first] = scope;
        return table;
    }
}
