using Cria.Data.Readers;
using Cria.Reports;
using Cria.Training;
using Cria.Training.Recipes;
using Cria.Training.Stopping;

namespace Cria.Cli.Records;

/// <summary>What a recipe may say on a track: everything, but what is read and for how long.</summary>
static class TrackRules
{
    /// <summary>The recipe as it is trained: with the track's text, and the track's time where it names no end of its own.</summary>
    /// <exception cref="TrainingException">The recipe breaks a rule; the message names it and the remedy.</exception>
    public static Recipe Enter(Recipe recipe, Track track, TrackCorpus corpus)
    {
        Check(recipe, track);
        return recipe with
        {
            Data = recipe.Data with { Train = [corpus.Train], Validation = [corpus.Validation] },
            Stop = recipe.Steps == 0 && recipe.Stop is null ? new StopRecipe { Time = track.Time } : recipe.Stop,
        };
    }

    /// <inheritdoc cref="Enter"/>
    public static void Check(Recipe recipe, Track track)
    {
        var (data, usual) = (recipe.Data, new ReaderOptions());
        if (data.Train.Length + data.Validation.Length + data.Mixture.Length > 0 || data.Synth is not null)
            throw new TrainingException($"the recipe names a text of its own, and track {track.Name} says what is read; leave data.train, data.validation, data.mixture and data.synth out.");
        if (data.Separator != usual.Separator || data.TextColumn != usual.TextField)
            throw new TrainingException("the recipe divides the text in its own way; leave data.separator and data.text_column out.");
        if (recipe.Tokenizer.Path is { } tokenizer)
            throw new TrainingException($"the recipe takes a tokenizer from {tokenizer}, and an entry learns its own from the training text; leave tokenizer.path out.");
        if (recipe.Loss.TeacherPaths.Count > 0 || recipe.Loss.TaughtPath is not null || recipe.Chain is not null)
            throw new TrainingException("the recipe learns from other models, whose training would not count; leave loss.teachers, loss.targets and chain out.");
        if (recipe.Checkpoint.Best)
            throw new TrainingException("the recipe picks its model by the held-out text, which is for measuring only; leave checkpoint.best out.");
        if (recipe.Stop?.Time > track.Time)
            throw new TrainingException($"the recipe's stop.time {Human.Duration(recipe.Stop.Time.Value)} is longer than track {track.Name} allows, {Human.Duration(track.Time)}; leave it out.");
    }
}
