using Cria.Data.Stories.Words;

namespace Cria.Data.Stories.Pairs;

/// <summary>
/// Two texts that differ in one word, of which the world's grammar allows only <see cref="Good"/>. A model passes
/// when it finds Good more probable than Bad.
/// </summary>
/// <param name="Phenomenon">What is tested: "reflexive-gender".</param>
/// <param name="Group">How far the deciding word stands: "adjacent", "distractor", "across-clauses",
/// "across-sentences".</param>
/// <param name="Good">The text as the world would write it.</param>
/// <param name="Bad">The same with one word wrong.</param>
/// <param name="HeldOut">The combinations in it that no story contains (see <see cref="Words.HeldOut"/>); at least
/// one.</param>
public sealed record MinimalPair(
    string Phenomenon, string Group, string Good, string Bad, IReadOnlyList<HeldOutCombination> HeldOut);

/// <summary>Two words that no story has within the unit of text that their kinds' rule names.</summary>
public sealed record HeldOutCombination(Word First, Word Second)
{
    public Scope Scope => Words.HeldOut.ScopeOf(First.Kind, Second.Kind);
}
