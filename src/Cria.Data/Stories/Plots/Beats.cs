namespace Cria.Data.Stories.Plots;

/// <summary>
/// What all plots share: the beginning and the way.
/// One alternative a line, the most frequent first.
/// </summary>
static class Beats
{
    /// <summary>Who and where.</summary>
    public const string Opening = """
        Once upon a time there {hero.was} {hero.a} {trait} {kind@hero} named {hero}. \
        {hero.He} lived near the {home} with {hero.his} {relation}.
        Long ago {hero.a} {trait} {kind@hero} named {hero} lived near the {home}. \
        {hero.His} {relation} lived there too.
        {hero} {hero.was} {hero.a} {trait} {kind@hero} from the {home}. {hero.He} lived with {hero.his} {relation}.
        Near the {home} lived {hero.a} {trait} {kind@hero} named {hero}. \
        {hero.His} {relation} loved {hero.him} very much.
        """;

    /// <summary>The friend, whom every story has.</summary>
    public const string Friend = """
        {hero.His} best friend was {friend}, {a} {trait2} {kind2@friend}.
        {hero} had {a} {trait2} friend named {friend}.
        Every {~daypart} {hero} played with {friend}, and {friend.he} liked {hero.him}.
        """;

    /// <summary>The neighbourhood, in the present tense: a verb beside its subject or behind another noun.</summary>
    public const string Animals = """
        "The {animal} near the {landmark} {act@animal} every {daypart}," {hero.his} {relation} said.
        "Every {daypart} the {animal} {act@animal} by the {landmark}," {hero.his} {relation} said.
        {hero} and {friend} knew that the {animal} near the {landmark} {act@animal} every {daypart}.
        {hero} and {friend} knew that the {animal} {act@animal} by the {landmark} every {daypart}.
        """;

    public const string AnimalsAgain = """
        And the {animal} near the {landmark} still {act@animal} every {daypart}.
        "And the {animal} near the {landmark} {act@animal}," said {hero.his} {relation}. "All is well."
        And every {daypart} the {animal} still {act@animal} by the {landmark}.
        """;

    /// <summary>The neighbours, with a relative clause between subject and verb.</summary>
    public const string Neighbours = """
        "The {role} who {care@role} the {animal} {craft@role} every {daypart}," {hero.his} {relation} said.
        {hero} and {friend} knew that the {role} who {care@role} the {animal} {craft@role} every {daypart}.
        "The {role} {craft@role} every {daypart} and {care@role} the {animal}," {hero.his} {relation} said.
        """;

    public const string NeighboursAgain = """
        And the {role} who {care@role} the {animal} still {craft@role} every {daypart}.
        "And the {role} who {care@role} the {animal} {craft@role}," said {hero.his} {relation}. "All is well."
        And the {role} still {craft@role} every {daypart}.
        """;

    /// <summary>What the hero does on other days, and whether on this one.</summary>
    public const string Chore = """
        Every {daypart} {hero} had to {chore} the {ware}. But that day {hero.he} did not {chore} the {ware}.
        "Every {daypart} {hero} {chore@hero} the {ware}," {hero.his} {relation} said. \
        But that day {hero.he} did not want to {chore} the {ware}.
        Every {daypart} {hero} {chore.ed} the {ware}. That day {hero.he} did not {chore} the {ware}.
        """;

    public const string ChoreAgain = """
        And that night {hero.he} {chore.ed} the {ware} for {hero.his} {relation}.
        And every {daypart} {hero.he} still {chore@hero} the {ware}.
        "Now I must {chore} the {ware}," said {hero}, and {hero.he} {chore.ed} the {ware}.
        """;

    /// <summary>How it feels, and a reflexive for the hero.</summary>
    public const string Feeling = """
        {hero} {hero.was} {feeling}, and {hero.he} {reflex.ed} {hero.himself} by the {landmark2}.
        {hero} {reflex.ed} {hero.himself}, but {hero.he} {hero.was} still {feeling}.
        {hero.He} {hero.was} very {feeling}. Then {hero} {reflex.ed} {hero.himself} and thought about the {thing}.
        """;

    /// <summary>A look around, and a reflexive for the animals.</summary>
    public const string Scene = """
        It was a {~weather} day, and the {animal2} {reflex2.ed} {animal2.himself}.
        By the {~landmark} the {animal2} {reflex2.ed} {animal2.himself}, for it was {~weather}.
        It was {~weather}, and the {animal2} near the {~landmark} {reflex2.ed} {animal2.himself}.
        """;

    /// <summary>The hero sets out.</summary>
    public const string Way = """
        So {hero} put on {hero.his} {garment@hero} and went to the {place}.
        The next {~daypart} {hero} took {hero.his} {garment@hero} and walked to the {place}.
        Then {hero} put {hero.his} {garment@hero} on and ran to the {place}.
        """;

    /// <summary>The market: demonstratives with their nouns, articles with their adjectives.</summary>
    public const string Market = """
        "Look at {~demo@goods} {goods}!" cried the {~role.one} there. But {hero} only thought about the {thing}.
        There {hero.he} saw {a} {~quality} {~goods.one} and {a} {~quality} {~goods.one}, but no {thing}.
        "Do you want {~demo@goods} {goods}?" asked the {~role.one}. \
        "I have {a} {~quality} {~goods.one} too." But {hero} said no.
        "I sell {a} {~quality} {~goods.one} and {~demo@goods} {goods}," said the {~role.one}. \
        But {hero} only wanted the {thing}.
        """;

    /// <summary>The end: the thing once more.</summary>
    public const string Joy = """
        At the {home} {hero} took off {hero.his} {garment@hero} and kissed {hero.his} {relation}. \
        The {color} {thing} {thing.was} safe.
        {hero} took {hero.his} {garment@hero} off and showed the {color} {thing} to {hero.his} {relation}. \
        {hero.He} {hero.was} {mood}.
        {hero} carried the {color} {thing} from the {place} to the {home}. \
        "I love {thing.them}," said {hero.his} {relation}.
        Now {hero} {hero.was} not {feeling} any more. From that day on {hero.he} and {friend} shared the {color} \
        {thing}.
        """;
}
