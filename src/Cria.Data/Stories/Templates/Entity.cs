using Cria.Data.Stories.Words;

namespace Cria.Data.Stories.Templates;

/// <summary>What a story has decided about one of its entities so far; −1 and null are "not yet".</summary>
struct Entity
{
    public const int Unset = -1;

    public Word? Word;

    /// <summary>The second of two heroes.</summary>
    public Word? Second;

    /// <summary>0 singular, 1 plural.</summary>
    public int Number;

    /// <summary>A person's gender as a number of <see cref="Words.Gender"/>.</summary>
    public int Gender;

    public static Entity New => new() { Number = Unset, Gender = Unset };
}
