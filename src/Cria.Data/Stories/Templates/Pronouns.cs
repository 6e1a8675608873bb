using Cria.Data.Stories.Words;

namespace Cria.Data.Stories.Templates;

/// <summary>The closed words that agree: pronouns by gender, auxiliaries by number.</summary>
static class Pronouns
{
    /// <summary>Rows by <see cref="Form"/> from Subject to Does, columns He, She, They, It.</summary>
    static readonly string[][] Table =
    [
        ["he", "she", "they", "it"],
        ["him", "her", "them", "it"],
        ["his", "her", "their", "its"],
        ["himself", "herself", "themselves", "itself"],
        ["was", "was", "were", "was"],
        ["is", "is", "are", "is"],
        ["has", "has", "have", "has"],
        ["does", "does", "do", "does"],
    ];

    public static bool Has(Form form) => form >= Form.Subject;

    public static string Of(Form form, Gender gender) => Table[form - Form.Subject][(int)gender];

    /// <summary>What a minimal pair gets wrong: the other gender of one person, the other number otherwise.</summary>
    public static string WrongOf(Form form, Gender gender, bool isPerson)
    {
        bool isPronoun = form < Form.Was;
        return Of(form, gender switch
        {
            Gender.He when isPronoun => Gender.She,
            Gender.She when isPronoun => Gender.He,
            Gender.They => isPerson ? Gender.He : Gender.It,
            _ => Gender.They,
        });
    }
}
