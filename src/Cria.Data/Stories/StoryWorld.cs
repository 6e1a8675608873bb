using Cria.Data.Stories.Plots;
using Cria.Data.Stories.Templates;
using Cria.Data.Stories.Words;

namespace Cria.Data.Stories;

/// <summary>
/// The world compiled: word lists, plots and pools. It is immutable once built and shared by all generators; building
/// takes a few milliseconds.
/// </summary>
public sealed class StoryWorld
{
    readonly WordList[] _lists = Vocabulary.Build();
    readonly TemplateParser _parser = new(PlotTable.Pools);
    readonly Node[] _plots;
    readonly int[] _plotWeights;

    public StoryWorld()
    {
        _parser.IdOf("hero"); // the composer knows the hero by being the first
        Plot[] plots = PlotTable.All;
        _plots = [.. plots.Select(plot => _parser.Parse(plot.Template))];
        PlotNames = [.. plots.Select(plot => plot.Name)];
        _plotWeights = new int[plots.Length];
        Array.Fill(_plotWeights, 1);
        Story = new StoryNode(this);
    }

    /// <summary>The plot shapes, "problem + turn".</summary>
    public IReadOnlyList<string> PlotNames { get; }

    /// <summary>The template of all stories: a plot, each as likely as the others, and its text.</summary>
    public Node Story { get; }

    /// <summary>The words of one kind, most frequent first.</summary>
    public WordList this[WordKind kind] => _lists[(int)kind];

    /// <summary>The number by which <see cref="Composer.NumberOf"/> knows an entity of the templates.</summary>
    public int IdOf(string slot) => _parser.IdOf(slot);

    /// <summary>Compiles a template in the world's language; see docs/stories.md.</summary>
    public Node Parse(string template) => _parser.Parse(template);

    /// <summary>A composer for this world; one a thread. Call it after all templates are parsed.</summary>
    public Composer NewComposer() => new(_lists, _parser.EntityCount);

    sealed class StoryNode(StoryWorld world) : Node
    {
        public override void Write(Composer composer) =>
            world._plots[composer.Choose(world._plotWeights)].Write(composer);
    }
}
