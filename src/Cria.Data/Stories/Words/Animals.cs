namespace Cria.Data.Stories.Words;

/// <summary>The animals of the neighbourhood and what they and the hero do.</summary>
static class Animals
{
    public const string Kinds = """
        hen, dog, cat, duck, goat, cow, horse, bird, pig, frog, lamb, goose/geese, pony, donkey, swan, bee,
        crow, pigeon, sparrow, cricket, beetle, butterfly, snail, spider, worm, ant, moth, wasp, toad, newt,
        mole, rat, bat, hare, stork, heron, robin, wren, magpie, raven, hawk, falcon, eagle, parrot, peacock,
        turkey, rooster, calf/calves, bull, ox/oxen, foal, mule, camel, llama, stag, wolf/wolves, lynx, seal,
        crab, dragonfly, firefly, ladybug, grasshopper, caterpillar
        """;

    public const string Acts = """
        sleep, run, play, jump, rest, eat, hop, drink, dig, wait, yawn, roll, sniff, wander, snore, doze,
        nap, bathe, gather, climb, crawl, creep, splash, shiver, tumble, graze, chew, nibble, squeak, fight,
        sunbathe, stumble, race, tremble, leap, lurk, huddle, sneeze, stare, limp, bounce, circle
        """;

    public const string Reflexives = """
        warm, enjoy, dry, calm, amuse, comfort, cool, steady, groom, admire, protect,
        cover, shield, soothe, refresh
        """;
}
