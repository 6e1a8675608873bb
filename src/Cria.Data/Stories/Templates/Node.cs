namespace Cria.Data.Stories.Templates;

/// <summary>A compiled piece of a template: it writes itself through a composer.</summary>
public abstract class Node
{
    public abstract void Write(Composer composer);
}

/// <summary>Text that stands as it is.</summary>
public sealed class Literal(string text) : Node
{
    readonly bool _endsSentence = text.AsSpan().IndexOfAny('.', '!', '?') >= 0;

    public override void Write(Composer composer)
    {
        composer.Emit(text);
        if (_endsSentence)
            composer.EndSentence();
    }
}

/// <summary>Pieces one after another.</summary>
public sealed class Sequence(Node[] parts) : Node
{
    public override void Write(Composer composer)
    {
        foreach (Node part in parts)
            part.Write(composer);
    }
}

/// <summary>One of several pieces; the first is the most frequent.</summary>
public sealed class Alternatives(Node[] nodes, int[] weights) : Node
{
    public override void Write(Composer composer) => nodes[composer.Choose(weights)].Write(composer);
}

/// <summary>A word of the world: a bound one (the same at every mention) or a fresh one.</summary>
public sealed class Mention(Slot slot) : Node
{
    public override void Write(Composer composer) => composer.Emit(composer.Resolve(slot));
}

/// <summary>The tested word of a minimal pair: <paramref name="good"/> or, in the bad text, the other.</summary>
public sealed class Contrast(Slot good, Slot? bad) : Node
{
    public override void Write(Composer composer)
    {
        if (good.Form == Form.Article)
            composer.OpenArticle(capital: false, wrong: composer.IsBad);
        else
        {
            // Both are resolved in both sentences, so that the pair makes the same choices.
            string right = composer.Resolve(good);
            string wrong = bad is null ? composer.Resolve(good, wrong: true) : composer.Resolve(bad, like: good);
            composer.Emit(composer.IsBad ? wrong : right);
        }
    }
}
