using Cria.Data.Stories.Templates;

namespace Cria.Data.Stories.Pairs;

/// <summary>
/// Makes minimal pairs: each template is composed twice from the same choices, once right and once wrong.
/// Deterministic by seed; no pair comes twice.
/// </summary>
public sealed class PairGenerator
{
    /// <summary>Pairs per template by default: over 1,600 in all.</summary>
    const int DefaultPerTemplate = 90;

    readonly ulong _seed;
    readonly StoryWorld _world = new();
    readonly (PairTemplate Template, Node Node)[] _templates;
    readonly Composer _composer;

    public PairGenerator(ulong seed)
    {
        _seed = seed ^ 0x7061697273; // another stream than the stories of the same seed
        _templates = [.. PairTemplates.All.Select(template => (template, _world.Parse(template.Text)))];
        _composer = _world.NewComposer();
    }

    /// <summary>The pairs, template after template.</summary>
    public IReadOnlyList<MinimalPair> Make(int perTemplate = DefaultPerTemplate)
    {
        List<MinimalPair> pairs = [];
        HashSet<string> known = [];
        long index = 0;
        foreach ((PairTemplate template, Node node) in _templates)
        {
            for (int made = 0; made < perTemplate; index++)
            {
                MinimalPair? pair = TryMake(template, node, index);
                if (pair is null || !known.Add(pair.Good))
                    continue;
                pairs.Add(pair);
                made++;
            }
        }
        return pairs;
    }

    MinimalPair? TryMake(PairTemplate template, Node node, long index)
    {
        string good = _composer.Compose(node, new PricedChoices(_seed, index));
        if (_composer.HasUntestable || !Meets(template))
            return null;
        string bad = _composer.Compose(node, new PricedChoices(_seed, index), isBad: true);
        return new(template.Phenomenon, template.Group, good, bad,
            [.. _composer.HeldOutCombinations.Select(held => new HeldOutCombination(held.First, held.Second))]);
    }

    bool Meets(PairTemplate template) =>
        (template.Unlike is not var (first, second)
            || _composer.NumberOf(_world.IdOf(first)) != _composer.NumberOf(_world.IdOf(second)))
        && (template.Single is null || _composer.NumberOf(_world.IdOf(template.Single)) == 0);
}
