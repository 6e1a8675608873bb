using Cria.Engine.Graphs;
using Cria.Engine.Tensors;
using Cria.Models;
using Cria.Training.Optimizers;
using Cria.Training.Recipes;

namespace Cria.Training.Tests.Optimizers;

public sealed class ParameterGroupsTests
{
    [Theory]
    [InlineData(1, "model.embed_tokens.weight")]
    [InlineData(2, "model.layers.0.self_attn.q_proj.weight")]
    public void Matrices_decay_and_norms_do_not_and_embeddings_only_in_recipes_of_version_1(int version, string firstThatDecays)
    {
        using var model = Model();
        var groups = ParameterGroups.Of(SmallRun.Base with { Version = version }, model.Parameters);
        Assert.Equal(2, groups.Length);
        var decaying = Assert.Single(groups, group => group.WeightDecay > 0);
        Assert.Equal(SmallRun.Base.Optimizer.WeightDecay, decaying.WeightDecay);
        Assert.Contains(decaying.Parameters, parameter => parameter.Name == firstThatDecays);
        Assert.Equal(version == 1, decaying.Parameters.Any(parameter => parameter.Kind == ParameterKind.Embedding));
        Assert.DoesNotContain(decaying.Parameters, parameter => parameter.Kind is ParameterKind.Norm or ParameterKind.Bias);
        Assert.All(groups, group => Assert.Equal(1, group.LearningRateFactor));
    }

    [Fact]
    public void Later_rules_go_before_earlier_ones_and_leave_what_they_do_not_name()
    {
        using var model = Model();
        Recipe recipe = With(
            new() { Match = ["model.layers.*"], WeightDecay = 0.3f },
            new() { Match = ["model.layers.1.*", "norms"], LearningRateFactor = 0.5f },
            new() { Match = ["*q_proj*"], WeightDecay = 0 });
        var groups = ParameterGroups.Of(recipe, model.Parameters);
        Assert.Equal((0.3f, 1), Of("model.layers.0.mlp.up_proj.weight"));
        Assert.Equal((0.3f, 0.5f), Of("model.layers.1.mlp.up_proj.weight"));
        Assert.Equal((0.3f, 0.5f), Of("model.layers.0.input_layernorm.weight"));
        Assert.Equal((0, 0.5f), Of("model.norm.weight"));
        Assert.Equal((0, 0.5f), Of("model.layers.1.self_attn.q_proj.weight"));
        Assert.Equal((0, 1), Of("model.embed_tokens.weight"));

        (float, float) Of(string name)
        {
            var group = Assert.Single(groups, group => group.Parameters.Any(parameter => parameter.Name == name));
            return (group.WeightDecay, group.LearningRateFactor);
        }
    }

    [Fact]
    public void The_ranges_of_all_groups_cover_every_trainable_weight_once_and_neighbours_are_one()
    {
        using var model = Model();
        model.Parameters.Parameters[1].Trainable = false;
        var groups = ParameterGroups.Of(SmallRun.Base, model.Parameters);
        var ranges = groups.SelectMany(group => group.Ranges).OrderBy(range => range.Offset).ToArray();
        var frozen = model.Parameters.Parameters[1];
        long hole = model.Parameters.OffsetOf(frozen), covered = 0;
        for (int i = 0; i < ranges.Length; i++)
        {
            if (i > 0)
                Assert.True(ranges[i - 1].Offset + ranges[i - 1].Length <= ranges[i].Offset);
            covered += ranges[i].Length;
            Assert.False(ranges[i].Offset <= hole && hole < ranges[i].Offset + ranges[i].Length);
        }
        Assert.Equal(model.Parameters.FlatLength - (frozen.Shape.Length + 63) / 64 * 64, covered);
        Assert.True(ranges.Length < model.Parameters.Parameters.Count - 1);
    }

    [Theory]
    [InlineData("nothing", "matches no parameter: there is none for model.layer.0.*")]
    [InlineData("empty", "groups[0] sets neither weight_decay nor learning_rate_factor")]
    [InlineData("decay", "groups[0].weight_decay -1 must be 0 or more")]
    [InlineData("factor", "groups[0].learning_rate_factor NaN must be 0 or more")]
    public void A_rule_that_cannot_be_is_refused_before_any_work(string what, string part)
    {
        GroupRecipe rule = what switch
        {
            "nothing" => new() { Match = ["model.layer.0.*"], WeightDecay = 0 },
            "empty" => new() { Match = ["norms"] },
            "decay" => new() { Match = ["norms"], WeightDecay = -1 },
            _ => new() { Match = ["norms"], LearningRateFactor = float.NaN },
        };
        Assert.Contains(part, Assert.Throws<ConfigException>(() => RecipeRules.Check(With(rule))).Message, StringComparison.Ordinal);
    }

    public static TheoryData<string> Types => [.. OptimizerCatalog.RecipeTypes.Keys];

    [Theory, MemberData(nameof(Types))]
    public void A_factor_of_the_learning_rate_is_the_same_as_another_learning_rate(string type)
    {
        var optimizer = (OptimizerRecipe)Activator.CreateInstance(OptimizerCatalog.RecipeTypes[type])! with { LearningRate = 0.004f };
        using var world = new OptimizerWorld(optimizer);
        using var halved = new OptimizerWorld(optimizer with { Groups = [new() { Match = ["*"], LearningRateFactor = 0.5f }] });
        for (int step = 0; step < 3; step++)
        {
            world.Step(learningRateFactor: 0.5f);
            halved.Step();
        }
        Assert.Equal(world.Everything(), halved.Everything());
    }

    static Recipe With(params GroupRecipe[] rules) => SmallRun.Base with { Optimizer = new AdamWRecipe { Groups = rules } };

    static ILanguageModel Model() => ModelCatalog.Create(SmallRun.Base.Model, CpuDevice.Instance);
}
