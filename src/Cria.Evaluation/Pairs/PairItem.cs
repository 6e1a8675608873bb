namespace Cria.Evaluation.Pairs;

/// <summary>
/// Two texts that differ in one point of grammar; a model knows the point when the good one is likelier.
/// </summary>
/// <param name="Phenomenon">What is tested, for example "subject-verb agreement across a distractor".</param>
/// <param name="Group">The wider heading it belongs to, for example "distractor".</param>
/// <param name="Good">The text as it should be.</param>
/// <param name="Bad">The text with the one fault.</param>
public sealed record PairItem(string Phenomenon, string Group, string Good, string Bad);
