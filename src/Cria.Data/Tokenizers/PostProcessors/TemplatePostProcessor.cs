namespace Cria.Data.Tokenizers.PostProcessors;

/// <summary>One place of a template: a special token by its name, or (null) the text.</summary>
/// <param name="Special">The name under which <see cref="TemplatePostProcessor.Specials"/> has the ids.</param>
/// <param name="IsSecond">Whether the text is the second of a pair.</param>
/// <param name="TypeId">The type that a model of BERT's kind is told for it.</param>
public readonly record struct TemplatePart(string? Special, bool IsSecond, int TypeId);

/// <summary>A special token of a template.</summary>
public sealed record TemplateToken(string Name, IReadOnlyList<int> Ids, IReadOnlyList<string> Tokens);

/// <summary>Special tokens around a text, or around two, in a given order.</summary>
public sealed class TemplatePostProcessor : IPostProcessor
{
    /// <exception cref="DataException">The template of one text does not have it exactly once, or names a stranger.</exception>
    public TemplatePostProcessor(
        IReadOnlyList<TemplatePart> single, IReadOnlyList<TemplatePart> pair, IReadOnlyList<TemplateToken> specials)
    {
        ArgumentNullException.ThrowIfNull(single);
        (Single, Pair, Specials) = (single, pair, specials);
        List<int> before = [], after = [];
        int texts = 0;
        foreach (TemplatePart part in single)
            if (part.Special is null)
                texts++;
            else
                (texts == 0 ? before : after).AddRange(Ids(part.Special));
        if (texts != 1)
            throw new DataException($"The template of a text has it {texts} times; expected once.");
        (Before, After) = (before, after);
    }

    public IReadOnlyList<TemplatePart> Single { get; }

    public IReadOnlyList<TemplatePart> Pair { get; }

    public IReadOnlyList<TemplateToken> Specials { get; }

    public IReadOnlyList<int> Before { get; }

    public IReadOnlyList<int> After { get; }

    IReadOnlyList<int> Ids(string name) => Specials.FirstOrDefault(token => token.Name == name)?.Ids
        ?? throw new DataException($"The template names '{name}', which is not among its special tokens.");
}
