namespace Cria.Data.Stories.Words;

/// <summary>Whose pronoun stands for a word.</summary>
public enum Gender { He, She, They, It }

/// <summary>
/// One entry of a word list. Nouns have the forms (singular, plural), verbs (base, third person, past), names and
/// other words one form.
/// </summary>
public sealed class Word
{
    readonly string[] _forms;

    public Word(WordKind kind, Gender gender, params string[] forms)
    {
        (Kind, Gender, _forms) = (kind, gender, forms);
        Key = 2166136261; // FNV-1a over kind and text: stable between runs, unlike string.GetHashCode
        foreach (char c in $"{kind}:{forms[0]}")
            Key = (Key ^ c) * 16777619;
    }

    public WordKind Kind { get; }

    /// <summary>The gender of a name or of a kind such as "girl"; <see cref="Gender.It"/> where it is open.</summary>
    public Gender Gender { get; }

    /// <summary>The word's identity in the held-out rule.</summary>
    public uint Key { get; }

    public ReadOnlySpan<string> Forms => _forms;

    public string Form(int form) => _forms[Math.Min(form, _forms.Length - 1)];

    public override string ToString() => _forms[0];
}
