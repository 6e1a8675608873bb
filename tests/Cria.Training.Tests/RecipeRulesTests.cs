using Cria.Engine.Tensors;
using Cria.Models;
using Cria.Training.Averaging;
using Cria.Training.Optimizers;
using Cria.Training.Recipes;

namespace Cria.Training.Tests;

public sealed class RecipeRulesTests
{
    public static TheoryData<string, Func<Recipe, Recipe>> Wrong => new()
    {
        { "steps 0", r => r with { Steps = 0 } },
        { "steps -5", r => r with { Steps = -5 } },
        { "schedule.warmup_steps 61", r => r with { Schedule = r.Schedule with { WarmupSteps = 61 } } },
        { "evaluate.every -1", r => r with { Evaluate = r.Evaluate with { Every = -1 } } },
        { "checkpoint.every -1", r => r with { Checkpoint = r.Checkpoint with { Every = -1 } } },
        { "checkpoint.keep 0", r => r with { Checkpoint = r.Checkpoint with { Keep = 0 } } },
        { "tokens_per_step 100", r => r with { Batch = r.Batch with { TokensPerStep = 100 } } },
        { "micro_batch_size -1", r => r with { Batch = r.Batch with { MicroBatchSize = -1 } } },
        { "tokens_per_step, which", r => r with { Batch = new() { MicroBatchSize = 0 } } },
        { "compute bf16", r => r with { Precision = new() { Compute = Storage.BF16 } } },
        { "nowhere", r => r with { Steps = 0, Stop = new() } },
        { "2 times", r => r with { Stop = new() { Tokens = 5 } } },
        { "stop.tokens 0", r => r with { Steps = 0, Stop = new() { Tokens = 0 } } },
        { "stop.time 0.5s", r => r with { Steps = 0, Stop = new() { Time = TimeSpan.FromSeconds(0.5) } } },
        { "two averages", r => r with { Average = [new EmaRecipe(), new EmaRecipe()] } },
        { "one model", r => r with { Average = [new EmaRecipe { Use = AverageUse.Final }, new LawaRecipe { Use = AverageUse.Final }] } },
        { "multiple of average.interval", r => r with { Average = [new WindowRecipe { Horizon = 10, Interval = 3 }] } },
        { "smaller average.start or", r => r with { Average = [new WindowRecipe { Horizon = 100 }] } },
        { "average.decay 1", r => r with { Average = [new EmaRecipe { Decay = 1 }] } },
        { "half_life_steps say", r => r with { Average = [new EmaRecipe { HalfLifeSteps = 5, HalfLifeTokens = 5 }] } },
        { "average.count 1", r => r with { Average = [new LawaRecipe { Count = 1 }] } },
        { "beta2_half_life -1", r => r with { Optimizer = new AdamWRecipe { Beta2HalfLife = -1 } } },
        { "sequence_length 33", r => r with { Data = r.Data with { SequenceLength = 33 } } },
        { "validation_fraction 1", r => r with { Data = r.Data with { ValidationFraction = 1 } } },
        { "validation_fraction NaN", r => r with { Data = r.Data with { ValidationFraction = double.NaN } } },
        { "stories 0", r => r with { Data = r.Data with { Synth = new() { Stories = 0 } } } },
        { "learning_rate 0", r => r with { Optimizer = r.Optimizer with { LearningRate = 0 } } },
        { "learning_rate NaN", r => r with { Optimizer = r.Optimizer with { LearningRate = float.NaN } } },
        { "weight_decay -1", r => r with { Optimizer = r.Optimizer with { WeightDecay = -1 } } },
        { "checkpoint.best compares", r => r with { Checkpoint = r.Checkpoint with { Best = true } } },
        { "is 1.6", r => r with { Optimizer = r.Optimizer with { WeightDecay = 3.2f, LearningRate = 0.5f } } },
        { "loss.label_smoothing 1", r => r with { Loss = new CrossEntropyRecipe { LabelSmoothing = 1 } } },
        { "loss.teachers is empty", r => r with { Loss = new DistillationRecipe() } },
        { "loss.weights has 1 numbers", r => r with { Loss = new DistillationRecipe { Teachers = ["a", "b"], Weights = [1] } } },
        { "loss.weights has a -1", r => r with { Loss = new DistillationRecipe { Teachers = ["a", "b"], Weights = [1, -1] } } },
        { "checkpoint.best is false", r => r with { Checkpoint = new() { BestBy = BestLoss.Distillation }, Loss = new DistillationRecipe { Teachers = ["a"] } } },
        { "loss.type cross_entropy has none", r => r with { Checkpoint = new() { Best = true, BestBy = BestLoss.Distillation }, Evaluate = new() { Tokens = 0 } } },
        { "chain needs loss", r => r with { Chain = new() } },
        { "chain.generations 0", r => r with { Chain = new() { Generations = 0 }, Loss = new DistillationRecipe() } },
        { "loss.temperature 0", r => r with { Chain = new(), Loss = new DistillationRecipe { Temperature = 0 } } },
        { "data.reader.type 'permuted'", r => r with { Data = r.Data with { Reader = new() { Type = "permuted" } } } },
        { "data.reader.shuffle false", r => r with { Data = r.Data with { Reader = new() { Type = "random", Shuffle = false } } } },
        { "data.reader.document_masks false", r => r with { Data = r.Data with { Reader = new() { Type = "packed", DocumentMasks = false } } } },
        { "a the weight 0,", r => r with { Data = r.Data with { Mixture = [new() { Train = "a", Weight = 0 }] } } },
        { "a the weight NaN,", r => r with { Data = r.Data with { Mixture = [new() { Train = "a", Weight = double.NaN }] } } },
        { "so does data.train", r => r with { Data = r.Data with { Train = ["b"], Mixture = [new() { Train = "a", Weight = 1 }] } } },
        { "temperature -1", r => r with { Sample = r.Sample with { Temperature = -1 } } },
        { "tokenizer.vocab_size 256 is less than 257", r => r with { Tokenizer = new() { VocabSize = 256 } } },
        { "hidden_size 33", r => r with { Model = r.Model with { HiddenSize = 33 } } },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_value_out_of_its_range_is_refused_by_name_before_any_work(string said, Func<Recipe, Recipe> change)
    {
        string message = Assert.Throws<ConfigException>(() => RecipeRules.Check(change(SmallRun.Base))).Message;
        Assert.Contains(said, message);
    }

    [Fact]
    public void The_recipe_of_these_tests_and_one_whose_vocabulary_is_still_to_be_learned_pass()
    {
        RecipeRules.Check(SmallRun.Base);
        RecipeRules.Check(SmallRun.Base with { Model = SmallRun.Base.Model with { VocabSize = 0 } });
        RecipeRules.Check(SmallRun.Base with { Optimizer = SmallRun.Base.Optimizer with { WeightDecay = 3.2f } });
        RecipeRules.Check(SmallRun.Base with { Chain = new(), Loss = new DistillationRecipe() });
    }
}
