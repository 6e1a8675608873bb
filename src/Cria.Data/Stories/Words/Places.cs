namespace Cria.Data.Stories.Words;

/// <summary>Where and when things happen.</summary>
static class Places
{
    /// <summary>Where the heroes live: "near the ...".</summary>
    public const string Homes = """
        river, forest, sea, lake, hill, village, mountain, meadow, castle, valley, marsh, desert, canal, beach,
        coast, moor, jungle, waterfall, volcano, glacier, vineyard, lagoon, canyon, heath, border, prairie,
        ruins, fjord, swamp, highway
        """;

    /// <summary>Where the heroes go: "to the ...".</summary>
    public const string Destinations = """
        market, mill, harbor, school, town, square, garden, station, library, church, bakery, orchard, palace,
        farm, park, fair, inn, museum, theater, bridge, temple, cabin, camp, cave, cottage, courtyard, dairy,
        depot, factory, ferry, field, forge, fort, gallery, greenhouse, grove, hospital, hotel, island, laundry,
        lighthouse, lodge, monastery, nursery, observatory, office, pasture, pharmacy, pier, playground, plaza,
        pond, quarry, sawmill, shipyard, stadium, tavern, tower, warehouse, workshop, zoo
        """;

    public const string Landmarks = """
        gate, barn, tree, wall, well, fence, house, bush/bushes, haystack, rock, shed, stone, oak, door, window,
        stump, log, hedge, road, fountain, signpost, ditch, arch, archway, beehive, birch, boulder, brook, cart,
        chapel, chimney, cliff, corner, elm, fern, fir, flowerpot, footpath, heap, hut, lamppost, lane, maple,
        milestone, nest, path, pillar, pine, porch/porches, puddle, pump, railing, rosebush/rosebushes, shack,
        stable, staircase, stile, stream, thicket, trail, trough, tunnel, vine, willow, woodpile
        """;

    public const string Weathers = """
        sunny, rainy, windy, cold, foggy, cloudy, snowy, stormy, bright, misty, frosty, chilly, hot, mild,
        humid, dull, breezy, dark, fresh, drizzly, damp
        """;

    public const string Dayparts = """
        morning, day, evening, afternoon, night, summer, spring, autumn, winter, weekend, Sunday, Monday,
        Saturday, Friday, holiday, Tuesday, Thursday, Wednesday
        """;

    public const string Numbers = """
        two, three, four, five, six, seven, ten, nine, eight, twelve, twenty, eleven, fifteen, thirty, forty,
        fifty, sixty, ninety
        """;
}
