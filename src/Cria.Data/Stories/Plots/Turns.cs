namespace Cria.Data.Stories.Plots;

/// <summary>The ways out: somebody helps, something helps, or the hero is wiser.</summary>
static class Turns
{
    public static readonly Turn[] All =
    [
        new("helper", """
            There {hero.he} met the {role3.one}. "I need the {color} {thing}," said {hero}.
            There the {role3.one} asked {hero}, "Why are you so {feeling}?" {hero} told {hero.his} story.
            """, """
            "Bring me some {food}," said the {role3}. {hero} brought the {food}, and the {role3} $done the {thing}.
            The {role3} took {a} {tool}. With the {tool} the {role3} {~adverb} $done the {thing}.
            """, """
            "Thank you, dear {role3}!" said {hero}.
            {hero} thanked the {role3} {~adverb}.
            """),
        new("friend", """
            There {hero} met {friend}. "We will $do the {thing} together," said {friend}.
            There {friend} listened {~adverb}. "I have an idea," {friend.he} said.
            """, """
            {friend} ran home for {friend.his} {tool}. With the {tool} {hero} and {friend} $done the {thing}.
            "Hold my {tool}," said {friend}. {hero} held the {tool}, and {friend} {~adverb} $done the {thing}.
            """, """
            "Thank you, {friend}!" said {hero}, and {friend} was {~mood}.
            {hero} gave {friend} some {~food}, and {friend.he} ate {~adverb}.
            """),
        new("patience", """
            There {hero} sat down and thought. "I will $do the {thing} alone," said {hero}.
            There {hero} asked {friend} for help, but {friend} was too {~feeling}.
            """, """
            {hero} tried again {~adverb}. After {~number} days {hero.he} $done the {thing}.
            {hero} worked {~adverb} and did not stop. On the last day {hero.he} $done the {thing}.
            """, """
            "I did not give up," said {hero} to {friend}, and {friend} was {~mood}.
            {hero} showed {friend} the {thing}, and {friend.he} clapped {friend.his} hands.
            """),
        new("animal", """
            There {hero} saw the {animal3} and gave {animal3.them} some {food}.
            There {hero} met the {animal3}, and {animal3.they} {animal3.was} hungry. \
            {hero} gave {animal3.them} some {food}.
            """, """
            The {animal3} ate the {food}. Then the {animal3} {~adverb} $done the {thing}.
            The {food} made the {animal3} strong, and soon the {animal3} $done the {thing}.
            """, """
            "Good {animal3}!" said {hero} {~adverb}.
            {hero} told {friend} about the {animal3}, and {friend} was {~mood}.
            """),
        new("trade", """
            There {friend} asked {hero} for the {garment2@hero}. "Then you can $do the {thing}," said {friend}.
            There {friend} said, "Give me some {food}, and I will help you $do the {thing}."
            """, """
            {hero} thought {~adverb}. Then {hero.he} gave {friend} the {garment2@hero} and $done the {thing}.
            {hero} gave {friend} the {garment2@hero} and the {food}. So they $done the {thing}.
            """, """
            "It was a good trade," said {friend}. "I have the {garment2@hero}, and you have the {thing}."
            {friend} {~adverb} put on the {garment2@hero}, and {friend.he} was {~mood}.
            """),
        new("tool", """
            There {hero} found {a} {color2} {tool}. "With the {tool} I can $do the {thing}," {hero.he} said.
            There {friend} had {a} {color2} {tool}. "May I use the {tool}?" asked {hero}.
            """, """
            {hero} worked {~adverb}. With the {color2} {tool} {hero.he} $done the {thing}.
            {hero} turned the {tool} {~number} times, and at last {hero.he} $done the {thing}.
            """, """
            {hero} gave the {color2} {tool} to {friend}, and {friend} was {~mood}.
            "You are clever, {hero}," said {friend} {~adverb}. "I like the {tool}."
            """),
    ];
}
