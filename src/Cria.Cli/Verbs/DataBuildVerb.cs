using System.CommandLine;
using Cria.Cli.Corpora;
using Cria.Cli.Frame;
using Cria.Cli.Recipes;
using Cria.Cli.Runs;
using Cria.Data.Corpora;

namespace Cria.Cli.Verbs;

/// <summary><c>cria data build</c>: a corpus recipe, from files to shards and a report.</summary>
static class DataBuildVerb
{
    static readonly Argument<string> RecipePath = new("RECIPE") { Description = "A corpus recipe (YAML), such as recipes/data/cria-10m.yaml." };
    static readonly Option<string[]> Set = RecipeOptions.Set();
    static readonly Option<string> Out = DataVerb.Out("DIR", "The corpus's folder.");
    static readonly Option<bool> Resume = new("--resume")
    {
        Description = "Go on in a folder that holds a corpus: what is finished and still right is kept.",
    };

    public static Command Create() => new Verb(
        "build",
        "Make a corpus: read, clean, remove duplicates and evaluation text, hold out, learn a vocabulary, pack.",
        "cria data build recipes/data/cria-10m.yaml --out corpora/cria-10m")
    {
        RecipePath, Set, Out, Resume, GlobalOptions.Json,
    }.Does(Run);

    static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        CorpusRecipe recipe = RecipeFile.Read<CorpusRecipe>(parsed.GetRequiredValue(RecipePath), parsed.GetValue(Set) ?? []);
        if (parsed.GetValue(GlobalOptions.Seed) is { } seed)
            recipe = recipe with { Seed = seed };
        Check(recipe);
        ICorpusStage[] stages =
            [.. CorpusStages.OfText(recipe), new TokenizerStage(recipe.Tokenizer), new ShardStage(recipe.Shards, recipe.Split)];
        foreach (ICorpusStage stage in stages)
            _ = stage.Key; // finds every file before a folder is made
        string path = parsed.GetRequiredValue(Out);
        if (!parsed.GetValue(Resume) && CorpusBuild.HasBegun(path))
            throw new Data.DataException($"{path} holds a corpus already, or a part of one; go on with --resume, or choose another folder with --out.");

        using RunFolder folder = RunFolder.Open(path, parsed.GetValue(Resume));
        string json = Path.Combine(folder.Path, "report.json"), card = Path.Combine(folder.Path, "README.md");
        var build = new CorpusBuild(folder.Path, parsed.ThreadCount(), Output.Log, cancellation)
        {
            Descriptions = [.. new[] { folder.Recipe, json, card, folder.Report }.Select(file => Path.GetFileName(file))],
        };
        BuiltCorpus corpus = new(recipe, folder.Path, build.Run(stages));
        WholeFile.Write(json, Output.JsonText(corpus.Stages));
        WholeFile.Write(card, CorpusCard.Text(corpus));
        new CorpusReport(corpus).Save(folder.Report);
        WholeFile.Write(folder.Recipe, RecipeFile.Text(recipe));

        foreach (string warning in corpus.Stages.SelectMany(stage => stage.Warnings))
            Output.Warn(warning);
        if (parsed.GetValue(GlobalOptions.Json))
            Output.Json(new { recipe.Name, Folder = folder.Path, corpus.Parts, corpus.Stages });
        else
            Output.Line(CorpusSummary.Text(corpus));
        return 0;
    }

    // A recipe that cannot be is wrong use; what is wrong with its files is a failure.
    static void Check(CorpusRecipe recipe)
    {
        try
        {
            recipe.Check();
        }
        catch (Data.DataException e)
        {
            throw new RecipeException(e.Message);
        }
    }
}
