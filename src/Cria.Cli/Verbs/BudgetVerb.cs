using System.CommandLine;
using Cria.Cli.Budgets;
using Cria.Cli.Frame;
using Cria.Cli.Recipes;
using Cria.Cli.Runs;
using Cria.Cli.Verbs.Budgets;
using Cria.Models;
using Cria.Training.Budgets;
using Cria.Training.Recipes;

namespace Cria.Cli.Verbs;

/// <summary><c>cria budget</c>: what a time buys on this machine, and the recipe that makes the most of it.</summary>
static class BudgetVerb
{
    static readonly Option<string> Time = Durations.Option("--time", "How long to train, such as 6m or 3h.");
    static readonly Option<string[]> Text = new("--text") { HelpName = "FILE", Description = "The text to learn from.", AllowMultipleArgumentsPerToken = true };
    static readonly Option<string[]> Data = new("--data") { HelpName = "SHARDS", Description = "Shards to learn from instead.", AllowMultipleArgumentsPerToken = true };
    static readonly Option<int> CorpusTokens = Numbers.Count("--corpus-tokens", "N", "No corpus yet: so many tokens of English prose, counted with a vocabulary of 4,096.", 1, example: 10_000_000);
    static readonly Option<int> Parameters = Numbers.Count("--params", "N", "Only models of about so many parameters.", 1000, example: 1_000_000);
    static readonly Option<string?> RecipePath = new("--recipe") { HelpName = "RECIPE", Description = "This model alone, on the data that the recipe names unless others are given." };
    static readonly Option<string?> Out = new("--out") { HelpName = "RECIPE.yaml", Description = "Where to write the recipe of the pick." };

    public static Command Create() => new Verb(
        "budget",
        "Measure the machine, and choose size, vocabulary, batch and steps for a time.",
        "cria budget --time 3h --text my-books.txt --out planned.yaml")
    {
        Time, Text, ReadingOptions.TextColumn, ReadingOptions.Separator, Data, CorpusTokens, Parameters, RecipePath, Out,
        GlobalOptions.Json,
        BudgetLadderVerb.Create(),
        BudgetFitVerb.Create(),
    }.Does(Run);

    static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        double seconds = Durations.Seconds(parsed, Time) ?? throw new UsageException("budget needs --time, such as --time 3h.");
        if (parsed.GetValue(Out) is { } taken && Path.Exists(taken))
            throw new UsageException($"{taken} exists already and is not overwritten; choose another name with --out.");
        var (template, model) = Template(parsed);
        if (model is not null && parsed.GetValue(Parameters) > 0)
            throw new UsageException("--recipe names a model and --params a size; leave one of them out.");
        int threads = parsed.ThreadCount();
        var corpus = Corpus(parsed, template, threads, cancellation);
        int length = PlannedLength.For(corpus);
        var question = new PlanQuestion
        {
            Seconds = seconds,
            Corpus = corpus,
            Length = model is null ? length : template.Data.SequenceLength,
            MemoryBytes = BudgetMemory.Planned(),
            Parameters = parsed.GetValue(Parameters),
            Model = model,
        };
        var plan = BudgetPlan.Of(question, template, threads, cancellation);
        var recipe = PlannedRecipe.Of(template, plan.Pick, seconds);
        var memory = BudgetMemory.Of(recipe, threads);
        if (parsed.GetValue(Out) is { } path)
            WholeFile.Write(path, RecipeFile.Text(recipe));
        if (parsed.GetValue(GlobalOptions.Json))
            Output.Json(BudgetJson.Of(plan, recipe, memory));
        else
            Output.Line(BudgetText.Of(plan, recipe, memory));
        return 0;
    }

    static (Recipe Template, LlamaConfig? Model) Template(ParseResult parsed)
    {
        string? path = parsed.GetValue(RecipePath);
        var recipe = path is null ? TextTemplate.Open() : RecipeFile.Read(path).WithVocabulary();
        if (parsed.GetValue(GlobalOptions.Seed) is { } seed)
            recipe = recipe with { Seed = seed };
        string[] text = parsed.GetValue(Text) ?? [], shards = parsed.GetValue(Data) ?? [];
        ReadingOptions.RefuseRecipes(text);
        bool isNamed = text.Length + shards.Length > 0;
        if (text.Length > 0 && shards.Length > 0)
            throw new UsageException("--text and --data both name what to learn from; leave one of them out.");
        if (isNamed)
            recipe = recipe with
            {
                Data = recipe.Data with
                {
                    Train = [.. (text.Length > 0 ? text : shards).Select(Path.GetFullPath)],
                    Synth = null,
                    TextColumn = parsed.GetRequiredValue(ReadingOptions.TextColumn),
                    Separator = parsed.GetRequiredValue(ReadingOptions.Separator),
                },
            };
        else if (path is null && parsed.GetValue(CorpusTokens) == 0)
            throw new UsageException("budget needs to know what is learned from: say --text FILE, --data SHARDS, --recipe RECIPE or --corpus-tokens N.");
        if (path is null)
            return (recipe, null);
        return (recipe, recipe.Model as LlamaConfig
            ?? throw new UsageException($"{path} has a {recipe.Model.ModelType}, and plans are made for Llamas; leave --recipe out and say --params N."));
    }

    static CorpusSize Corpus(ParseResult parsed, Recipe template, int threads, CancellationToken cancellation)
    {
        if (parsed.GetValue(CorpusTokens) is > 0 and int tokens)
            return new(tokens * CorpusSize.EnglishProse[4096], CorpusSize.EnglishProse);
        var found = CorpusSurvey.Of(template, threads, cancellation);
        if (parsed.GetValue(RecipePath) is null)
            return found;
        // The recipe's own vocabulary, as near as it was looked at.
        int vocabulary = template.Model.VocabSize, near = found.BytesPerToken.Keys.MinBy(v => Math.Abs(Math.Log((double)v / vocabulary)));
        return found with { BytesPerToken = new Dictionary<int, double> { [vocabulary] = found.BytesPerToken[near] } };
    }
}
