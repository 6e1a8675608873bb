namespace Cria.Data.Stories.Words;

/// <summary>All word lists of the world, indexed by <see cref="WordKind"/>.</summary>
static class Vocabulary
{
    public static WordList[] Build()
    {
        var lists = new WordList[Enum.GetValues<WordKind>().Length];
        void Put(WordList list) => lists[(int)list.Kind] = list;
        void Nouns(WordKind kind, string text) => Put(WordList.Parse(kind, text));
        void Verbs(WordKind kind, string text) => Put(WordList.Parse(kind, text, isVerb: true));

        Put(new(WordKind.Name, NamesInTurn()));
        Put(new(WordKind.Kind,
        [
            new(WordKind.Kind, Gender.She, "girl", "girls"), new(WordKind.Kind, Gender.He, "boy", "boys"),
            new(WordKind.Kind, Gender.They, "child", "children"),
            .. WordList.Parse(WordKind.Kind, People.Kinds).Words,
        ]));
        Put(new(WordKind.Demo,
        [
            new(WordKind.Demo, Gender.It, "this", "these"), new(WordKind.Demo, Gender.It, "that", "those"),
        ]));
        Nouns(WordKind.Trait, People.Traits);
        Nouns(WordKind.Relation, People.Relations);
        Nouns(WordKind.Role, People.Roles);
        Verbs(WordKind.Craft, People.Crafts);
        Verbs(WordKind.Care, People.Cares);
        Nouns(WordKind.Feeling, People.Feelings);
        Nouns(WordKind.Mood, People.Moods);
        Nouns(WordKind.Adverb, People.Adverbs);
        Nouns(WordKind.Number, Places.Numbers);
        Nouns(WordKind.Thing, Things.Wished);
        Nouns(WordKind.Color, Things.Colors);
        Nouns(WordKind.Quality, Things.Qualities);
        Nouns(WordKind.Goods, Things.Goods);
        Nouns(WordKind.Garment, Things.Garments);
        Nouns(WordKind.Food, Things.Food);
        Nouns(WordKind.Tool, Things.Tools);
        Nouns(WordKind.Place, Places.Destinations);
        Nouns(WordKind.Home, Places.Homes);
        Nouns(WordKind.Landmark, Places.Landmarks);
        Nouns(WordKind.Weather, Places.Weathers);
        Nouns(WordKind.Daypart, Places.Dayparts);
        Nouns(WordKind.Animal, Animals.Kinds);
        Verbs(WordKind.Act, Animals.Acts);
        Verbs(WordKind.Reflex, Animals.Reflexives);
        Verbs(WordKind.Chore, Chores.Verbs);
        Nouns(WordKind.Ware, Chores.Wares);
        return lists;
    }

    /// <summary>Girls and boys in turn, so that both have the same frequencies.</summary>
    static List<Word> NamesInTurn()
    {
        Word[] girls = [.. WordList.ParseGendered(WordKind.Name, Gender.She, Names.Girls)];
        Word[] boys = [.. WordList.ParseGendered(WordKind.Name, Gender.He, Names.Boys)];
        List<Word> names = [];
        for (int i = 0; i < Math.Max(girls.Length, boys.Length); i++)
        {
            if (i < girls.Length)
                names.Add(girls[i]);
            if (i < boys.Length)
                names.Add(boys[i]);
        }
        return names;
    }
}
