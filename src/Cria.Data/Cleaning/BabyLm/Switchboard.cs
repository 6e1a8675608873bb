namespace Cria.Data.Cleaning.BabyLm;

/// <summary>Conversations by telephone.</summary>
sealed class Switchboard : IBabyLmDomain
{
    public string Stem => "switchboard";

    /// <summary>Nothing is done.</summary>
    public string Clean(string text) => text;

    /// <summary>The whole.</summary>
    public IEnumerable<string> Documents(string text) => [text];
}
