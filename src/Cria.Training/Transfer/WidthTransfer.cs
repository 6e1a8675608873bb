using Cria.Engine.Graphs;
using Cria.Models;
using Cria.Training.Optimizers;
using Cria.Training.Recipes;

namespace Cria.Training.Transfer;

/// <summary>What width transfer multiplies of a parameter: its start, its learning rate, its weight decay.</summary>
readonly record struct WidthFactors(float Start, float LearningRate, float WeightDecay)
{
    public static WidthFactors None => new(1, 1, 1);
}

/// <summary>
/// The maximal update parametrization of Yang and Hu 2021, "Tensor Programs V", table 8, with m = hidden_size / base_width:
/// matrices inside the model start with a deviation smaller by √m and learn m times slower; what enters (embeddings, norms, biases)
/// stays; logits are divided by m and scores by the head size instead of its root.
/// </summary>
/// <remarks>
/// No model has multipliers for that: they are folded into weights that are there already. A weight that is multiplied by f, with its
/// learning rate, trains as if the forward pass were (their lemma J.1). So the final norm's weight carries 1/m for the logits, which serves
/// tied heads too, and the queries' weight (in Qwen3 the norm after it) √(base head size / head size). A model remains what its published
/// architecture says. Weight decay times learning rate stays the same at every width.
/// </remarks>
public static class WidthTransfer
{
    /// <exception cref="ConfigException">The recipe's mup does not fit its other sections.</exception>
    public static void Check(Recipe recipe)
    {
        if (recipe.Mup is not { } mup)
            return;
        if (mup.BaseWidth < 1 || mup.BaseHeadDim < 0)
            throw new ConfigException($"mup.base_width {mup.BaseWidth} must be 1 or more, and mup.base_head_dim {mup.BaseHeadDim} 0 or more; " +
                "they are the hidden_size and the head size of the model that the learning rate was found with.");
        if (recipe.Model.Initialization == "fan_in")
            throw new ConfigException("mup sets how starts follow the width, and so does model.initialization 'fan_in'; use normal or depth_scaled.");
        if (recipe.Optimizer is SgdRecipe)
            throw new ConfigException("mup knows how learning rates follow the width for optimizers whose steps do not follow the gradient's size; " +
                "optimizer.type 'sgd' is none, adamw is.");
    }

    /// <summary>What the parameters' initial numbers are multiplied by.</summary>
    public static Func<Parameter, double>? Starts(Recipe recipe) =>
        recipe.Mup is null ? null : parameter => Of(recipe, parameter).Start;

    internal static WidthFactors Of(Recipe recipe, Parameter parameter)
    {
        if (recipe.Mup is not { } mup)
            return WidthFactors.None;
        float width = (float)recipe.Model.HiddenSize / mup.BaseWidth;
        var factors = parameter.Kind == ParameterKind.Matrix
            ? Matrix(width, recipe.Optimizer)
            : IsFinalNorm(parameter) ? Folded(WidthFactors.None, 1 / width) : WidthFactors.None;
        int headSize = HeadSize(recipe.Model);
        return mup.BaseHeadDim > 0 && mup.BaseHeadDim != headSize && CarriesScores(recipe.Model, parameter)
            ? Folded(factors, MathF.Sqrt((float)mup.BaseHeadDim / headSize))
            : factors;
    }

    static WidthFactors Matrix(float width, OptimizerRecipe optimizer)
    {
        float rate = MathF.Pow(width, -optimizer.MatrixWidthPower);
        return new(1 / MathF.Sqrt(width), rate, 1 / rate);
    }

    // A multiplier in the forward pass, carried by a weight instead.
    static WidthFactors Folded(WidthFactors own, float multiplier) =>
        new(own.Start * multiplier, own.LearningRate * multiplier, own.WeightDecay / multiplier);

    /// <summary>What the residual stream passes last before the head: a norm outside all blocks, and its bias.</summary>
    static bool IsFinalNorm(Parameter parameter) =>
        parameter.Kind is ParameterKind.Norm or ParameterKind.Bias
        && !parameter.Name.StartsWith("lm_head.", StringComparison.Ordinal)
        && !parameter.Name.Split('.').Any(part => part.All(char.IsAsciiDigit));

    static bool CarriesScores(ModelConfig model, Parameter parameter) => model is Qwen3Config
        ? parameter.Name.EndsWith(".q_norm.weight", StringComparison.Ordinal)
        : parameter.Name.Contains(".q_proj.", StringComparison.Ordinal) || parameter.Name.Contains(".c_attn.q.", StringComparison.Ordinal);

    static int HeadSize(ModelConfig model) => model switch
    {
        LlamaConfig llama => llama.HeadSize,
        Qwen3Config qwen3 => qwen3.HeadDim,
        Gpt2Config gpt2 => gpt2.HeadSize,
        GptJConfig gptJ => gptJ.HeadSize,
        _ => throw new ConfigException($"mup does not know the heads of a {model.ModelType}."),
    };
}
