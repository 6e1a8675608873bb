namespace Cria.Data.Stories.Words;

/// <summary>Daily work: the verbs and what they are done to.</summary>
static class Chores
{
    public const string Verbs = """
        clean, wash, paint, polish, carry, brush, sweep//swept, scrub/scrubs/scrubbed, fetch, mend, wipe, dust,
        rinse, repair, move, sort, fold, stack, arrange, oil, air, collect, tidy, check, close, decorate, empty,
        fill, inspect, label, lift, load, lock, measure, patch, pile, sharpen, soak, shine//shined, unpack
        """;

    /// <summary>None of them is among the goods of the market, whose "that" would meet "that day".</summary>
    public const string Wares = """
        windows, floors, shoes, steps, doors, fences, walls, beds, carts, apples, leaves, stairs, socks, bricks,
        letters, roofs, stalls, bags, logs, sheds, kitchens, cellars, fireplaces, gutters, kennels, shutters,
        stables, tiles, troughs, sinks, bookcases, hallways, attics, barns, engines, machines, tickets,
        ceilings, hinges, planks, porches, railings, reins, sails, seats, wires
        """;
}
