using System.Globalization;
using Cria.Data.Sampling;
using Cria.Engine.Tensors;
using Cria.Models;
using Cria.Models.Decoding;
using Cria.Training.Averaging;
using Cria.Training.Optimizers;
using Cria.Training.Stopping;
using Cria.Training.Transfer;

namespace Cria.Training.Recipes;

/// <summary>What no recipe may say, found before any work is done for it.</summary>
public static class RecipeRules
{
    /// <summary>Every byte, and the end of a text.</summary>
    const int SmallestVocabulary = 257;

    /// <exception cref="ConfigException">A value is out of its range; the message names it and the remedy.</exception>
    public static void Check(Recipe recipe)
    {
        if (recipe.Version is < 1 or > Recipe.NewestVersion)
            throw new ConfigException(
                $"version {recipe.Version} is not known; this program reads recipes of versions 1 to {Recipe.NewestVersion}.");
        if (recipe.Name.Length is 0 or > 100 || recipe.Name is "." or ".." || recipe.Name.IndexOfAny(['/', '\\', '\0']) >= 0)
            throw new ConfigException($"name '{recipe.Name}' cannot name a folder, and the run's is runs/NAME; use letters, digits, - and _.");
        Stops.Check(recipe.Steps, recipe.Stop);
        AtLeast("evaluate.every", recipe.Evaluate.Every, 0);
        AtLeast("evaluate.tokens", recipe.Evaluate.Tokens, 0);
        AtLeast("checkpoint.every", recipe.Checkpoint.Every, 0);
        AtLeast("checkpoint.keep", recipe.Checkpoint.Keep, 1);
        AtLeast("checkpoint.permanent_every", recipe.Checkpoint.PermanentEvery, 0);
        foreach (int step in recipe.Checkpoint.PermanentAt)
            AtLeast("checkpoint.permanent_at", step, 1);
        recipe.Guard.Validate();
        AtLeast("metrics.norms_every", recipe.Metrics.NormsEvery, 0);
        AtLeast("sample.every", recipe.Sample.Every, 0);
        AtLeast("sample.max_tokens", recipe.Sample.MaxTokens, 0);
        AtLeast("batch.tokens_per_step", recipe.Batch.TokensPerStep, 0);
        if (recipe.Sample.Every > 0 && (recipe.Evaluate.Every == 0 || recipe.Sample.Every % recipe.Evaluate.Every != 0))
            throw new ConfigException($"sample.every {recipe.Sample.Every} is not a multiple of evaluate.every {recipe.Evaluate.Every}, and samples are " +
                "written at evaluations; " + (recipe.Evaluate.Every == 0 ? "set evaluate.every too." : $"the next is {(recipe.Sample.Every / recipe.Evaluate.Every + 1) * recipe.Evaluate.Every}."));
        if (recipe.Data.Synth is { } synth)
        {
            AtLeast("data.synth.stories", synth.Stories, 1);
            AtLeast("data.synth.validation_stories", synth.ValidationStories, 1);
        }
        if (recipe.Checkpoint.Best && (recipe.Evaluate.Tokens != 0 || recipe.Evaluate.Every == 0))
            throw new ConfigException($"checkpoint.best compares evaluations in the course of training, and evaluate says every: {recipe.Evaluate.Every} " +
                $"and tokens: {recipe.Evaluate.Tokens}; it needs an interval, and tokens: 0, which is all of the text.");
        if (recipe.Checkpoint.BestBy == BestLoss.Distillation && !(recipe.Checkpoint.Best && recipe.Loss.IsEvaluated))
            throw new ConfigException("checkpoint.best_by distillation chooses by the loss that teachers have a part in, and " + (recipe.Checkpoint.Best
                ? $"loss.type {recipe.Loss.Type} has none that evaluations could ask; leave it out, and the cross-entropy decides."
                : "checkpoint.best is false, so nothing is chosen; set checkpoint.best: true too."));
        Check(recipe.Data);
        if (!(recipe.Data.ValidationFraction is > 0 and < 1))
            throw new ConfigException($"data.validation_fraction {recipe.Data.ValidationFraction} does not lie between 0 and 1.");
        if (recipe.Tokenizer.Path is null)
            AtLeast("tokenizer.vocab_size", recipe.Tokenizer.VocabSize, SmallestVocabulary);
        Model(recipe).Validate();
        if (recipe.Chain is { } chain)
            chain.Validate(recipe.Loss);
        else
            recipe.Loss.Validate();
        Check(recipe.Optimizer, recipe);
        recipe.Schedule.Validate(recipe.Optimizer.LearningRate);
        if (Stops.Steps(recipe, BatchSplit.TokensPerStep(recipe)) is { } steps && recipe.Schedule.WarmupSteps > steps)
            throw new ConfigException($"schedule.warmup_steps {recipe.Schedule.WarmupSteps} does not lie between 0 and steps {steps}.");
        AverageRules.Check(recipe);
        if (recipe.Precision.Compute != Storage.F32)
            throw new ConfigException("precision.compute bf16 needs a GPU, and this version computes on the CPU, which has no faster arithmetic for it; use " +
                "f32. What bf16 saves in memory, precision.activations and precision.moments do.");
        WidthTransfer.Check(recipe);
        new SamplingOptions
        {
            Temperature = recipe.Sample.Temperature,
            TopK = recipe.Sample.TopK,
            TopP = recipe.Sample.TopP,
            RepetitionPenalty = recipe.Sample.RepetitionPenalty,
        }.Validate();
    }

    static void Check(DataRecipe data)
    {
        if (SampleReaders.Fault(data.Reader) is { } fault)
            throw new ConfigException($"data.reader.{fault}");
        if (data.Mixture.Length > MixtureReader.MaxSources)
            throw new ConfigException($"data.mixture has {data.Mixture.Length} sources; it can have {MixtureReader.MaxSources}.");
        if (data.Mixture.Length > 0 && (data.Train.Length > 0 || data.Synth is not null))
            throw new ConfigException("data.mixture names what to train on, and so does data.train or data.synth; leave one of them out.");
        foreach (var source in data.Mixture)
            if (!(source.Weight > 0 && double.IsFinite(source.Weight)))
                throw new ConfigException(string.Create(CultureInfo.InvariantCulture,
                    $"data.mixture gives {source.Train} the weight {source.Weight}, which is not above 0; leave it out."));
    }

    static void Check(OptimizerRecipe optimizer, Recipe recipe)
    {
        optimizer.Validate();
        optimizer.Check(recipe);
        if (optimizer.Groups.Length == 0)
            return;
        using var model = ModelCatalog.Create(Model(recipe), CpuDevice.Instance); // recorded, not allocated: only names matter
        ParameterGroups.Check(recipe, model.Parameters);
    }

    // Before there is a tokenizer, a model has as many tokens as will be learned.
    static ModelConfig Model(Recipe recipe) =>
        recipe.Model.VocabSize == 0 ? recipe.Model with { VocabSize = Math.Max(1, recipe.Tokenizer.VocabSize) } : recipe.Model;

    static void AtLeast(string key, int value, int least)
    {
        if (value < least)
            throw new ConfigException($"{key} {value} is less than {least}, the smallest it can be.");
    }
}
