namespace Cria.Data.Stories.Plots;

/// <summary>
/// Problems of having no more: the hero's thing is lost, broken, taken, blown away, sunk, left or
/// locked.
/// </summary>
static class Losses
{
    public static readonly Problem[] All =
    [
        new("lost", "find", "found", """
            {hero} had {thing.a} {color} {thing} and loved {thing.them}. But one day the {thing} {thing.was} gone.
            One day {hero} lost {hero.his} {color} {thing}.
            """, """
            {hero} looked behind the {landmark3}, but the {thing} {thing.was} not there.
            "Where {thing.is} the {thing}?" asked {hero} {~number} times. Nobody knew.
            """, "helper", "friend", "animal", "patience"),
        new("broken", "mend", "mended", """
            {hero} had {thing.a} {color} {thing} and loved {thing.them}. But one day the {thing} broke.
            {hero.His} {relation} gave {hero.him} {thing.a} {color} {thing}. But {thing.they} fell down and broke.
            """, """
            {hero} tried to mend the {thing} with glue, but {thing.they} broke again.
            "The {thing} {thing.is} in {~number} pieces," said {hero}.
            """, "helper", "friend", "tool", "patience", "trade"),
        new("taken", "rescue", "rescued", """
            {hero} had {thing.a} {color} {thing} and loved {thing.them}. But one day a thief took the {thing}.
            A thief saw {thing.a} {color} {thing} on the bed of {hero} and grabbed {thing.them}.
            """, """
            {hero} ran after the thief, but the thief put the {thing} in a sack.
            "Give back the {thing}!" cried {hero} {~number} times. But the thief only laughed.
            """, "helper", "friend", "animal", "trade"),
        new("wind", "catch", "caught", """
            {hero} had {thing.a} {color} {thing} and loved {thing.them}. But one day the wind took the {thing}.
            One day {hero} played with {thing.a} {color} {thing} in the strong wind.
            """, """
            The {thing} flew over {~number} roofs, and {hero} could not catch {thing.them}.
            The {thing} flew away, and {hero} ran and ran, but {thing.they} {thing.was} out of sight.
            """, "friend", "animal", "tool", "patience"),
        new("sunk", "save", "saved", """
            {hero} had {thing.a} {color} {thing} and loved {thing.them}. But one day the {thing} fell into the water.
            One day {hero} dropped {thing.a} {color} {thing} into the water.
            """, """
            The {thing} sank down {~number} feet, and {hero} could not save {thing.them}.
            {hero} saw the {thing} in the mud, but {thing.they} {thing.was} too deep down.
            """, "helper", "friend", "animal", "tool"),
        new("left", "recover", "recovered", """
            {hero} had {thing.a} {color} {thing} and loved {thing.them}. \
            But one day {hero.he} left the {thing} somewhere.
            One day {hero} came home without {hero.his} {color} {thing}.
            """, """
            {hero} thought about the {thing} for {~number} hours, but {hero.he} could not remember.
            "Where {thing.was} the {thing} last?" asked {hero.his} {relation}. {hero} did not know.
            """, "helper", "friend", "patience"),
        new("locked", "free", "freed", """
            {hero} had {thing.a} {color} {thing} and loved {thing.them}. \
            But one day {hero.he} locked the {thing} in a box.
            One day the {role2.one} locked {thing.a} {color} {thing} in a box.
            """, """
            {hero} shook the box {~number} times, but the {thing} {thing.was} still inside.
            "The {thing} {thing.is} in there," said {hero}, but the box did not open.
            """, "helper", "friend", "tool"),
    ];
}
