using Cria.Engine.Graphs;
using Cria.Engine.Kernels;
using Cria.Engine.Tensors;
using Cria.Models;
using Cria.Training.Optimizers;
using Cria.Training.Recipes;
using Cria.Training.Transfer;

namespace Cria.Training.Tests;

public sealed class WidthTransferTests
{
    [Fact]
    public void At_the_base_width_nothing_changes()
    {
        using var plain = new SmallRun(change: recipe => recipe with { Steps = 6 });
        using var same = new SmallRun(change: recipe => recipe with { Steps = 6, Mup = new() { BaseWidth = 32 } });
        plain.Trainer.Run();
        same.Trainer.Run();
        Assert.Equal(plain.Model.Parameters.Weights.ToArray<float>(), same.Model.Parameters.Weights.ToArray<float>());
    }

    [Theory]
    [InlineData("llama", true), InlineData("llama", false), InlineData("gpt2", true), InlineData("qwen3", false), InlineData("gptj", false)]
    public void At_four_times_the_width_every_kind_of_parameter_has_its_factors(string architecture, bool tied)
    {
        var recipe = SmallRun.Base with { Model = Config(architecture, tied), Mup = new() { BaseWidth = 16, BaseHeadDim = 4 } };
        using var model = ModelCatalog.Create(recipe.Model, CpuDevice.Instance);
        int finals = 0, scores = 0;
        foreach (var parameter in model.Parameters.Parameters)
        {
            var factors = WidthTransfer.Of(recipe, parameter);
            bool isInBlock = parameter.Name.Split('.').Any(part => int.TryParse(part, out _));
            bool carries = parameter.Name.Contains(architecture == "qwen3" ? "q_norm" : architecture == "gpt2" ? "c_attn.q." : "q_proj");
            bool isFinal = !isInBlock && parameter.Kind is ParameterKind.Norm or ParameterKind.Bias && !isInBlock && parameter.Name != "lm_head.bias";
            (finals, scores) = (finals + (isFinal ? 1 : 0), scores + (carries ? 1 : 0));
            float score = carries ? 0.5f : 1; // heads of 16 where they were of 4
            WidthFactors expected =
                parameter.Kind == ParameterKind.Matrix ? new(0.5f * score, 0.25f * score, 4 / score)
                : isFinal ? new(0.25f, 0.25f, 4)
                : new(score, score, 1 / score);
            Assert.True(expected == factors, $"{parameter.Name}: {factors}");
        }
        Assert.True(finals is 1 or 2, $"{finals} parameters of the final norm");
        Assert.True(scores >= 2);
    }

    [Theory, InlineData("adamw"), InlineData("d_muon")]
    public void Changes_of_activations_do_not_grow_with_the_width_and_without_transfer_they_do(string type)
    {
        if (type != "adamw")
            SlowTests.Only();
        var optimizer = (OptimizerRecipe)Activator.CreateInstance(OptimizerCatalog.RecipeTypes[type])! with { LearningRate = 0.01f };
        var kernels = KernelChoice.Best(2);
        int[] widths = SlowTests.Run ? [32, 64, 128] : [32, 64];
        var mup = new MupRecipe { BaseWidth = 32 };
        CoordinateChange[] with = [.. widths.Select(width => CoordinateCheck.Run(width, optimizer, mup, 3, 1, kernels))];
        CoordinateChange[] without = [.. widths.Select(width => CoordinateCheck.Run(width, optimizer, null, 3, 1, kernels))];
        (kernels as IDisposable)?.Dispose();
        Assert.InRange(CoordinateCheck.Growth(with, change => change.Residual), -0.3, 0.2);
        Assert.InRange(CoordinateCheck.Growth(with, change => change.Hidden), -0.3, 0.2);
        Assert.True(CoordinateCheck.Growth(with, change => change.Logits) < 0.1);
        Assert.True(CoordinateCheck.Growth(without, change => change.Residual) > 1);
        Assert.True(CoordinateCheck.Growth(without, change => change.Logits) > 0.4);
    }

    [Theory]
    [InlineData("width", "mup.base_width 0"), InlineData("fan_in", "normal or depth_scaled"), InlineData("sgd", "optimizer.type 'sgd'")]
    public void What_does_not_fit_is_refused_with_the_remedy(string what, string message)
    {
        var recipe = SmallRun.Base with { Mup = new() { BaseWidth = 16 } };
        recipe = what switch
        {
            "width" => recipe with { Mup = new() { BaseWidth = 0 } },
            "fan_in" => recipe with { Model = recipe.Model with { Initialization = "fan_in" } },
            _ => recipe with { Optimizer = new SgdRecipe() },
        };
        Assert.Contains(message, Assert.Throws<ConfigException>(() => WidthTransfer.Check(recipe)).Message);
    }

    static ModelConfig Config(string architecture, bool tied) => architecture switch
    {
        "llama" => new LlamaConfig
        {
            VocabSize = 9,
            HiddenSize = 64,
            NumHiddenLayers = 2,
            NumAttentionHeads = 4,
            IntermediateSize = 96,
            TieWordEmbeddings = tied,
        },
        "gpt2" => new Gpt2Config { VocabSize = 9, HiddenSize = 64, NumHiddenLayers = 2, NumAttentionHeads = 4 },
        "gptj" => new GptJConfig { VocabSize = 9, HiddenSize = 64, NumHiddenLayers = 2, NumAttentionHeads = 4, RotaryDim = 8 },
        _ => new Qwen3Config
        {
            VocabSize = 9,
            HiddenSize = 64,
            NumHiddenLayers = 2,
            NumAttentionHeads = 4,
            HeadDim = 16,
            IntermediateSize = 96,
            TieWordEmbeddings = tied,
        },
    };
}
