using Cria.Data.Stories.Words;

namespace Cria.Data.Stories.Templates;

/// <summary>
/// Reads the template language (docs/stories.md): <c>{slot.form@agree}</c> mentions a word, <c>~</c> before it draws a
/// fresh one, <c>[this|that]</c> chooses, <c>&lt;pool&gt;</c> chooses a line of a pool. Templates are our own code, so
/// a mistake in one is an <see cref="InvalidOperationException"/> that shows it.
/// </summary>
public sealed class TemplateParser(IReadOnlyDictionary<string, string> pools)
{
    /// <summary>How flat choices among alternatives are; smaller is steeper.</summary>
    const int Head = 4;

    readonly Dictionary<string, int> _ids = [];
    readonly Dictionary<string, Node> _pools = [];

    /// <summary>How many entities the templates read so far speak of.</summary>
    public int EntityCount => _ids.Count;

    /// <summary>The number under which templates know an entity such as "hero" or "thing2".</summary>
    public int IdOf(string slot) => _ids.TryGetValue(slot, out int id) ? id : _ids[slot] = _ids.Count;

    public Node Parse(string template)
    {
        int at = 0;
        Node node = ParseSequence(template, ref at);
        return at == template.Length ? node : throw Mistake(template, "a closing bracket without an opening one");
    }

    /// <summary>A choice among the lines of a text, the most frequent first.</summary>
    public Node ParseLines(string text) => Choice([.. LinesOf(text).Select(Parse)]);

    /// <summary>The alternatives of a text: its lines, a backslash at the end joins the next one.</summary>
    public static string[] LinesOf(string text) =>
        text.Replace("\\\n", "", StringComparison.Ordinal)
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    Node ParseSequence(string text, ref int at)
    {
        List<Node> parts = [];
        while (at < text.Length && text[at] is not ('|' or ']'))
        {
            switch (text[at])
            {
                case '{':
                    parts.Add(ParseMention(Inside(text, ref at, '}')));
                    break;
                case '<':
                    parts.Add(Pool(Inside(text, ref at, '>')));
                    break;
                case '[':
                    parts.Add(ParseAlternatives(text, ref at));
                    break;
                default:
                    int end = text.AsSpan(at).IndexOfAny("{<[|]");
                    end = end < 0 ? text.Length : at + end;
                    parts.Add(new Literal(text[at..end]));
                    at = end;
                    break;
            }
        }
        return parts.Count == 1 ? parts[0] : new Sequence([.. parts]);
    }

    Node ParseAlternatives(string text, ref int at)
    {
        List<Node> nodes = [];
        do
        {
            at++; // the opening bracket or the bar
            nodes.Add(ParseSequence(text, ref at));
        }
        while (at < text.Length && text[at] == '|');
        if (at == text.Length)
            throw Mistake(text, "an opening bracket without a closing one");
        at++;
        return Choice([.. nodes]);
    }

    static Node Choice(Node[] nodes)
    {
        int[] weights = new int[nodes.Length];
        for (int i = 0; i < weights.Length; i++)
            weights[i] = WordList.WeightOfRank(i, Head);
        return nodes.Length == 1 ? nodes[0] : new Alternatives(nodes, weights);
    }

    Node Pool(string name) => _pools.TryGetValue(name, out Node? node) ? node : _pools[name] = ParseLines(pools[name]);

    Node ParseMention(string text)
    {
        int mark = text.IndexOf('!');
        if (mark < 0)
            return text is "a" ? new ArticleNode() : new Mention(ParseSlot(text));
        string bad = text[(mark + 1)..];
        return new Contrast(ParseSlot(text[..mark]), bad == "wrong" ? null : ParseSlot(bad));
    }

    Slot ParseSlot(string text)
    {
        bool fresh = text[0] == '~', heldOut = text[0] == '^';
        string name = fresh || heldOut ? text[1..] : text;
        int agree = Entity.Unset;
        if (name.IndexOf('@') is int mark and > 0)
            (agree, name) = (IdOf(name[(mark + 1)..]), name[..mark]);
        string form = "";
        if (name.IndexOf('.') is int dot and > 0)
            (form, name) = (name[(dot + 1)..], name[..dot]);
        if (name == "a")
            return new(Entity.Unset, WordKind.Quality, Form.Article, agree, false, false, false);
        bool capital = form.Length > 0 && char.IsUpper(form[0]);
        return new(IdOf(name), KindOf(name), FormOf(form), agree, capital, fresh, heldOut);
    }

    static WordKind KindOf(string slot)
    {
        string kind = slot.TrimEnd('1', '2', '3', '4');
        if (kind is "hero" or "friend")
            return WordKind.Name;
        return Enum.TryParse(kind, ignoreCase: true, out WordKind known) ? known : throw Mistake(slot, "no such slot");
    }

    static Form FormOf(string form) => form.ToLowerInvariant() switch
    {
        "" => Form.Base,
        "one" => Form.Singular,
        "many" => Form.Plural,
        "ed" => Form.Past,
        "a" => Form.Article,
        "he" or "they" => Form.Subject,
        "him" or "them" => Form.Object,
        "his" or "their" => Form.Possessive,
        "himself" or "themselves" => Form.Reflexive,
        "was" => Form.Was,
        "is" => Form.Is,
        "has" => Form.Has,
        "does" => Form.Does,
        _ => throw Mistake(form, "no such form"),
    };

    static string Inside(string text, ref int at, char close)
    {
        int end = text.IndexOf(close, at);
        if (end < 0)
            throw Mistake(text, $"no '{close}'");
        string inside = text[(at + 1)..end];
        at = end + 1;
        return inside;
    }

    static InvalidOperationException Mistake(string text, string what) => new($"Template \"{text}\": {what}.");

    sealed class ArticleNode : Node
    {
        public override void Write(Composer composer) => composer.OpenArticle(capital: false);
    }
}
