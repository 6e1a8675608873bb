using Cria.Data.Stories.Words;

namespace Cria.Data.Stories.Templates;

/// <summary>What a mention shows of its word.</summary>
public enum Form
{
    Base, Singular, Plural, Past, Article, Subject, Object, Possessive, Reflexive, Was, Is, Has, Does,
}

/// <summary>One mention in a template, as <see cref="TemplateParser"/> read it.</summary>
/// <param name="Id">Which entity of the story; mentions with the same id share word, number and gender.</param>
/// <param name="Kind">The list the entity's word comes from.</param>
/// <param name="Form">What the mention shows.</param>
/// <param name="Agree">The entity whose number it takes, or −1.</param>
/// <param name="IsCapital">Whether it starts a sentence.</param>
/// <param name="IsFresh">Whether it is drawn anew at each mention.</param>
/// <param name="IsHeldOut">In minimal pairs: draw only what the held-out rule forbids.</param>
public sealed record Slot(
    int Id, WordKind Kind, Form Form, int Agree, bool IsCapital, bool IsFresh, bool IsHeldOut);
