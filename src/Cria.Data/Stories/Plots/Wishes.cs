namespace Cria.Data.Stories.Plots;

/// <summary>Problems of having not: the hero wants a thing that is dear, far, high, dark or another's.</summary>
static class Wishes
{
    public static readonly Problem[] All =
    [
        new("dear", "buy", "bought", """
            One day {hero} saw {thing.a} {color} {thing} in the shop of the {role2.one}.
            One day the {role2.one} had {thing.a} {color} {thing} to sell.
            """, """
            But the {thing} {thing.was} too dear, and {hero} had only {~number} coins.
            "I must have the {thing}!" said {hero}. But the {role2} asked for {~number} coins.
            """, "helper", "friend", "patience", "trade"),
        new("high", "reach", "reached", """
            One day {hero} saw {thing.a} {color} {thing} on top of the {landmark3.one}.
            High up on the {landmark3.one} hung {thing.a} {color} {thing}, and {hero} wanted {thing.them}.
            """, """
            {hero} jumped and jumped, but the {thing} {thing.was} too high.
            {hero} climbed up and fell down {~number} times. The {thing} {thing.was} still up there.
            """, "helper", "friend", "animal", "tool"),
        new("river", "fetch", "fetched", """
            One day {hero} saw {thing.a} {color} {thing} across the deep water.
            Across the deep water lay {thing.a} {color} {thing}, and {hero} wanted {thing.them}.
            """, """
            But the water was cold, and the {thing} {thing.was} too far away.
            After {~number} steps {hero} turned back. The {thing} {thing.was} too far away.
            """, "helper", "friend", "animal", "tool", "patience"),
        new("dark", "find", "found", """
            One day {hero} heard of {thing.a} {color} {thing} in the dark cellar.
            "There {thing.is} {thing.a} {color} {thing} in the dark cellar," said the {role2.one} to {hero}.
            """, """
            But {hero} {hero.was} afraid of the dark, and the {thing} {thing.was} down there.
            {hero} went down {~number} steps and came up again without the {thing}.
            """, "helper", "friend", "animal", "tool"),
        new("neighbour", "borrow", "borrowed", """
            One day the {role2.one} came by with {thing.a} {color} {thing}.
            The {role2.one} had {thing.a} {color} {thing}, and {hero} looked over the fence.
            """, """
            "May I have the {thing}?" asked {hero}. "No," said the {role2}, "the {thing} {thing.is} mine."
            {hero} asked {~number} times, but the {role2} did not want to lend the {thing}.
            """, "helper", "patience", "trade"),
        new("make", "make", "made", """
            One day {hero} read a story about {thing.a} {color} {thing}.
            One night {hero} had a dream about {thing.a} {color} {thing}.
            """, """
            Nobody sold such things, so {hero} wanted to make the {thing}. But {thing.they} fell apart.
            {hero} tried to make the {thing} {~number} times, but {thing.they} {thing.was} always crooked.
            """, "helper", "friend", "tool", "patience"),
        new("prize", "win", "won", """
            One day there was a race, and the winner would get {thing.a} {color} {thing}.
            One day the {role2.one} cried, "The winner of the race gets {thing.a} {color} {thing}!"
            """, """
            {hero} wanted the {thing}, but {hero.he} came in after {~number} others.
            {hero} ran for the {thing}, but {hero.he} fell.
            """, "friend", "patience", "tool"),
    ];
}
