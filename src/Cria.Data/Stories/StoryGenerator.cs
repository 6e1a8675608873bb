using Cria.Data.Stories.Templates;

namespace Cria.Data.Stories;

/// <summary>
/// The endless book of the world: story number i under a seed is a pure function of both, drawn independently of all
/// others from one distribution, so that the mean of <see cref="Story.NegativeLog2Probability"/> estimates its
/// entropy without bias. A held-out split is another range of indices. Stories are not compared with each other: with
/// more than 200 bits of entropy a repetition is out of reach, which a test confirms on 10 MB.
/// Not safe for threads; generators of the same seed agree, so take one for each.
/// </summary>
public sealed class StoryGenerator
{
    /// <summary>Prompts come from here on, far from any corpus.</summary>
    const long FirstPrompt = 1L << 40;

    readonly ulong _seed;
    readonly StoryWorld _world;
    readonly Composer _composer;
    readonly PricedChoices _choices;
    long _next;

    public StoryGenerator(ulong seed) : this(seed, new StoryWorld())
    {
    }

    public StoryGenerator(ulong seed, StoryWorld world)
    {
        (_seed, _world) = (seed, world);
        _composer = world.NewComposer();
        _choices = new(seed, 0);
    }

    /// <summary>The story of this index, at least 0.</summary>
    public Story At(long index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        _choices.Restart(_seed, index);
        string text = _composer.Compose(_world.Story, _choices);
        return new(text, _choices.Bits);
    }

    /// <summary>The stories 0, 1, 2, … one after another.</summary>
    public Story Next() => At(_next++);

    /// <summary>Beginnings (the first two sentences) of stories that no corpus contains, for samples.</summary>
    public IReadOnlyList<string> Prompts(int count)
    {
        string[] prompts = new string[count];
        for (int i = 0; i < count; i++)
        {
            string text = At(FirstPrompt + i).Text;
            int first = text.IndexOf(". ", StringComparison.Ordinal);
            prompts[i] = text[..(text.IndexOf(". ", first + 1, StringComparison.Ordinal) + 1)];
        }
        return prompts;
    }
}
