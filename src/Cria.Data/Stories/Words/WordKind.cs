namespace Cria.Data.Stories.Words;

/// <summary>The word lists of the world; the name in lower case is the name a template uses.</summary>
public enum WordKind
{
    Name, Kind, Trait, Relation, Role, Craft, Care, Feeling, Mood, Adverb,
    Thing, Color, Quality, Goods, Garment, Food, Tool,
    Place, Home, Landmark, Weather, Daypart, Number,
    Animal, Act, Reflex, Chore, Ware, Demo,
}
