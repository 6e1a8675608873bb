using Cria.Data.Corpora.Stages;

namespace Cria.Data.Corpora;

/// <summary>The stages that a recipe asks for.</summary>
public static class CorpusStages
{
    /// <summary>From sources to text that is divided; tokens come after it.</summary>
    /// <exception cref="DataException">The recipe cannot be.</exception>
    public static IReadOnlyList<ICorpusStage> OfText(CorpusRecipe recipe)
    {
        recipe.Check();
        List<ICorpusStage> stages = [new CleanStage(recipe)];
        if (recipe.RepeatedLines is { } lines)
            stages.Add(new RepeatedLinesStage(lines));
        if (recipe.NearDuplicates is { } near)
            stages.Add(new NearDuplicatesStage(near, recipe.Seed));
        if (recipe.Decontamination is { } decontamination)
            stages.Add(new DecontaminationStage(decontamination));
        stages.Add(new SplitStage(recipe));
        return stages;
    }
}
