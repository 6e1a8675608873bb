namespace Cria.Data.Stories.Plots;

/// <summary>What sets a story going, and the verb that would end it.</summary>
/// <param name="Name">Names the plot shape, together with the turn's name.</param>
/// <param name="Do">What the hero must do to the thing, in the base form: "find".</param>
/// <param name="Done">The same in the past tense: "found".</param>
/// <param name="Begin">How the thing comes into the story: one alternative a line.</param>
/// <param name="Trouble">Why it cannot be had: one alternative a line.</param>
/// <param name="Turns">The turns that can follow, by name.</param>
sealed record Problem(string Name, string Do, string Done, string Begin, string Trouble, params string[] Turns);

/// <summary>How a problem is solved; <c>$do</c> and <c>$done</c> stand for the problem's verb.</summary>
/// <param name="Name">Names the plot shape, together with the problem's name.</param>
/// <param name="Idea">Who comes to help, or what comes to mind.</param>
/// <param name="Deed">What is done, up to the thing in the hero's hands.</param>
/// <param name="Thanks">What is said afterwards.</param>
sealed record Turn(string Name, string Idea, string Deed, string Thanks);
