namespace Cria.Data.Stories.Pairs;

/// <summary>
/// One construction under test, in the language of the stories plus two marks: <c>{x!y}</c> shows x in the good and y
/// in the bad text, and <c>^</c> draws a word that the held-out rule forbids here.
/// </summary>
/// <param name="Phenomenon">See <see cref="MinimalPair.Phenomenon"/>.</param>
/// <param name="Group">See <see cref="MinimalPair.Group"/>.</param>
/// <param name="Text">The template.</param>
/// <param name="Unlike">Two entities that must differ in number, so that the nearer one misleads; or null.</param>
/// <param name="Single">An entity that must be one person, so that gender decides; or null.</param>
sealed record PairTemplate(
    string Phenomenon, string Group, string Text, (string, string)? Unlike = null, string? Single = null);
