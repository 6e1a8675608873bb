namespace Cria.Data.Stories.Words;

/// <summary>What the stories are about: things to wish for, to sell, to wear, to eat, to work with.</summary>
static class Things
{
    /// <summary>The wished-for things, recalled all through a story.</summary>
    public const string Wished = """
        kite, ball, drum, boot, doll, flute, lantern, ring, sled, mask, boat, crown, key, book, puppet, bell,
        bicycle, map, marble, wagon, trumpet, violin, necklace, compass, ribbon, umbrella, mirror, telescope,
        harp, guitar, hammock, scooter, balloon, medal, pebble, feather, shell, jewel, pearl, acorn, arrow,
        banner, bracelet, bubble, button, chest, clock, cushion, diary, fiddle, flag, globe, hoop, horn,
        kettle, locket, notebook, oar, pendant, piano, pinwheel, pipe, puzzle, quilt, raft, rattle,
        saddle, skate, stamp, statue, sword, teapot, tent, thimble, toy, treasure, trophy, ukulele, vase, wand,
        wheel, whip, xylophone, yoyo, zither
        """;

    /// <summary>What is sold in the market: seen once, praised with "this" and "those".</summary>
    public const string Goods = """
        lamp, pot, rug, bowl, chair, plate, spoon, carpet, mug, jar, cup, table, blanket, pillow, pan, jug,
        tray, stool, curtain, bucket, barrel, bench/benches, birdcage, bottle, box, brush, cabinet, cradle,
        crate, cupboard, desk, dish, drawer, fan, fork, frame, goblet, hammer, inkwell, knife/knives,
        ladle, mat, mattress, needle, net, oven, parcel, pencil, pin, pitcher, poster, purse, rake, sack,
        saucer, shelf/shelves, sickle, sieve, sofa, sponge, stove, suitcase, towel, trunk, tub, urn, wallet,
        wheelbarrow, wreath
        """;

    public const string Garments = """
        hat, coat, scarf, cap, shirt, jacket, cloak, sweater, vest, belt, apron, cape, hood, robe, bonnet,
        tunic, shawl, raincoat, waistcoat, blazer, beret, cardigan, kilt, poncho, turban, sash, helmet,
        overcoat, pullover
        """;

    public const string Food = """
        bread, soup, apples, honey, cake, cheese, milk, berries, pie, nuts, jam, butter, pears, plums, porridge,
        cookies, tea, cherries, rice, beans, carrots, pancakes, noodles, peas, muffins, pudding, grapes,
        lemonade, biscuits, peaches, onions, potatoes, corn, dumplings, waffles, raisins, yogurt, walnuts,
        toast, tomatoes, tarts, sausages, salad, radishes, pumpkins, popcorn, pickles, pastries, oranges,
        olives, mushrooms, melons, leeks, garlic, figs, eggs, dates, cucumbers, crackers, cocoa, celery,
        cabbage, buns, bacon, apricots, almonds, chestnuts, cinnamon, cream, ginger, hazelnuts, juice, lentils,
        mustard, oatmeal, parsley, spinach, strawberries, syrup, turnips, vanilla
        """;

    public const string Tools = """
        rope, ladder, stick, hook, hammer, basket, net, spade, saw, candle, torch, pole, wire, needle, string,
        plank, bucket, magnet, shovel, axe, broom, chain, chisel, clamp, drill, file, lever, nail, paddle,
        pulley, rake, ramp, rod, screw, spring, wedge, wrench, crowbar
        """;

    public const string Colors = """
        red, blue, green, yellow, white, golden, silver, black, brown, purple, pink, orange, gray, wooden,
        striped, shiny, spotted, crimson, violet, scarlet, copper, ivory, amber, glass, paper, tin, woolen,
        velvet, emerald, turquoise
        """;

    public const string Qualities = """
        old, big, small, new, ugly, pretty, heavy, empty, fine, odd, round, tiny, broken, enormous, soft,
        expensive, simple, ancient, strange, elegant, dusty, useful, cheap, unusual, narrow, iron, plain,
        ordinary, crooked, excellent, thick, amazing, smooth, open, lovely, oval, strong, antique, rusty,
        endless, cracked, awful, bright, interesting, light, uneven, outstanding, flat, icy, carved, oily,
        fancy, elaborate, polished, exotic, wide, impressive, tall, oaken, painted, imported, rough, upright,
        sturdy, enchanted, magic, magnificent, old-fashioned, wonderful, irregular, rare, astonishing, splendid,
        attractive, curved, delicate, unfinished
        """;
}
