namespace Cria.Data.Stories.Pairs;

/// <summary>
/// What is tested. Each tested sentence is one of the stories' own (a test compares them), so that only the
/// combination of words is new to a model of the corpus.
/// </summary>
static class PairTemplates
{
    const string Adjacent = "adjacent", Distractor = "distractor";
    const string Clauses = "across-clauses", Sentences = "across-sentences";

    const string Start = "<opening> <friend> ";
    const string Wish = "One day {hero} saw {thing.a} {color} {^thing} on top of the {landmark3.one}. ";
    const string High = "{hero} jumped and jumped, but the {thing} {thing.was} too high. ";

    public static readonly PairTemplate[] All =
    [
        new("agreement-verb", Adjacent, Start +
            "\"Every {daypart} the {animal} {^act@animal!wrong} by the {landmark},\" {hero.his} {relation} said."),
        new("agreement-verb", Distractor, Start +
            "\"The {animal} near the {landmark} {^act@animal!wrong} every {daypart},\" {hero.his} {relation} said.",
            Unlike: ("animal", "landmark")),
        new("agreement-relative-clause", Distractor, Start +
            "\"The {role} who {care@role} the {animal} {^craft@role!wrong} every {daypart},\" " +
            "{hero.his} {relation} said.", Unlike: ("role", "animal")),
        new("agreement-was", Adjacent, Start + Wish +
            "{hero} jumped and jumped, but the {thing} {thing.was!wrong} too high."),
        new("determiner-number", Adjacent, Start + "<way> " +
            "\"Look at {demo@goods!wrong} {^goods}!\" cried the {~role.one} there."),
        new("article", Adjacent, Start + "<way> " +
            "\"I sell {a!wrong} {quality} {^goods.one} and {~demo@goods2} {goods2},\" said the {~role.one}."),
        new("pronoun-number", Sentences, Start + Wish + High + "<way> " +
            "{hero} carried the {color} {thing} from the {place} to the {home}. " +
            "\"I love {thing.them!wrong},\" said {hero.his} {relation}."),
        new("pronoun-number", Clauses, Start +
            "{hero} had {thing.a} {color} {^thing} and loved {thing.them!wrong}. But one day the {thing} broke."),
        new("pronoun-gender", Sentences, Start + Wish + High +
            "So {hero} put on {hero.his} {garment@hero} and went to the {place}. " +
            "There {hero.he!wrong} met the {role3.one}.", Single: "hero"),
        new("reflexive-gender", Clauses, Start +
            "{hero} {^reflex.ed} {hero.himself!wrong}, but {hero.he} {hero.was} still {feeling}.",
            Single: "hero"),
        new("reflexive-number", Clauses, Start +
            "It was a {~weather} day, and the {animal2} {^reflex2.ed} {animal2.himself!wrong}."),
        new("reflexive-number", Distractor, Start +
            "It was {~weather}, and the {animal2} near the {landmark4} {^reflex2.ed} {animal2.himself!wrong}.",
            Unlike: ("animal2", "landmark4")),
        new("possessive", Clauses, Start +
            "So {hero} put on {hero.his!wrong} {^garment@hero} and went to the {place}."),
        new("verb-form", Sentences, Start +
            "Every {daypart} {hero} had to {chore} the {^ware}. " +
            "But that day {hero.he} did not {chore!chore.ed} the {ware}."),
        new("tense", Sentences, Start + "Every {daypart} {hero} had to {chore} the {^ware}. " +
            "But that day {hero.he} did not {chore} the {ware}. " +
            "And that night {hero.he} {chore.ed!chore@hero} the {ware} for {hero.his} {relation}."),
        new("recall-thing", Sentences, Start + Wish + High + "<feeling> <way> " +
            "There {hero} met {friend}. \"We will reach the {thing!^thing2} together,\" said {friend}."),
        new("recall-place", Sentences, Start + Wish + High +
            "So {hero} put on {hero.his} {garment@hero} and went to the {^place}. " +
            "{hero} carried the {color} {thing} from the {place!^place2} to the {home}."),
        new("recall-name", Sentences, "<opening> {hero} had {a} {trait2} friend named {^friend}. " +
            "One day {hero} saw {thing.a} {color} {thing} on top of the {landmark3.one}. " + High + "<feeling> <way> " +
            "There {hero} met {friend}. \"We will reach the {thing} together,\" said {friend!^friend2}."),
    ];
}
