using System.Globalization;
using System.IO.Enumeration;
using Cria.Engine.Graphs;
using Cria.Models;
using Cria.Training.Recipes;
using Cria.Training.Transfer;

namespace Cria.Training.Optimizers;

/// <summary>
/// Which weight decay and which learning rate every parameter has. The program's own rule comes first: matrices and heads
/// decay, norms, biases and embeddings do not (in recipes of version 1 embeddings do). The recipe's rules follow in their order, and
/// each sets what it names.
/// </summary>
public static class ParameterGroups
{
    static readonly Dictionary<string, ParameterKind> Kinds = new()
    {
        ["matrices"] = ParameterKind.Matrix,
        ["embeddings"] = ParameterKind.Embedding,
        ["heads"] = ParameterKind.Head,
        ["norms"] = ParameterKind.Norm,
        ["biases"] = ParameterKind.Bias,
    };

    /// <summary>The groups, in the order of their first parameters; each trainable parameter is in one.</summary>
    /// <param name="recipe">Its optimizer's decay and rules.</param>
    /// <param name="store">It needs no memory yet.</param>
    /// <param name="includes">Whom the caller wants; the others are in no group. All by default.</param>
    /// <exception cref="ConfigException">A rule matches no parameter.</exception>
    public static ParameterGroup[] Of(Recipe recipe, ParameterStore store, Func<Parameter, bool>? includes = null)
    {
        Check(recipe, store);
        return [.. store.Parameters
            .Where(parameter => parameter.Trainable && (includes?.Invoke(parameter) ?? true))
            .GroupBy(parameter => Treatment(recipe, parameter))
            .Select(group => Group(group.Key, [.. group], store))];
    }

    /// <summary>Refuses rules that say nothing or match nothing.</summary>
    /// <exception cref="ConfigException">There is such a rule.</exception>
    public static void Check(Recipe recipe, ParameterStore store)
    {
        GroupRecipe[] rules = recipe.Optimizer.Groups;
        for (int i = 0; i < rules.Length; i++)
        {
            if (rules[i].WeightDecay is null && rules[i].LearningRateFactor is null)
                throw new ConfigException(
                    $"optimizer.groups[{i}] sets neither weight_decay nor learning_rate_factor; say one of them, or leave the rule out.");
            if (rules[i].WeightDecay is { } decay && !(decay >= 0 && float.IsFinite(decay)))
                throw new ConfigException(Text($"optimizer.groups[{i}].weight_decay {decay} must be 0 or more."));
            if (rules[i].LearningRateFactor is { } factor && !(factor >= 0 && float.IsFinite(factor)))
                throw new ConfigException(Text($"optimizer.groups[{i}].learning_rate_factor {factor} must be 0 or more."));
            if (!store.Parameters.Any(parameter => rules[i].Match.Any(word => Matches(word, parameter))))
                throw new ConfigException(
                    $"optimizer.groups[{i}] matches no parameter: there is none for {string.Join(", ", rules[i].Match)}; " +
                    $"use {string.Join(", ", Kinds.Keys)}, or names such as {store.Parameters[^1].Name}, in which * stands for anything.");
        }
    }

    /// <summary>What rules call a kind of parameters.</summary>
    public static string WordOf(ParameterKind kind) => Kinds.First(known => known.Value == kind).Key;

    static (float WeightDecay, float LearningRateFactor) Treatment(Recipe recipe, Parameter parameter)
    {
        float decay = Decays(parameter.Kind, recipe.Version) ? recipe.Optimizer.WeightDecay : 0, factor = 1;
        foreach (GroupRecipe rule in recipe.Optimizer.Groups)
        {
            if (!rule.Match.Any(word => Matches(word, parameter)))
                continue;
            decay = rule.WeightDecay ?? decay;
            factor = rule.LearningRateFactor ?? factor;
        }
        var width = WidthTransfer.Of(recipe, parameter);
        return (decay * width.WeightDecay, factor * width.LearningRate);
    }

    static bool Decays(ParameterKind kind, int version) => kind switch
    {
        ParameterKind.Matrix or ParameterKind.Head => true,
        ParameterKind.Embedding => version == 1,
        _ => false,
    };

    static bool Matches(string word, Parameter parameter) => Kinds.TryGetValue(word, out ParameterKind kind)
        ? parameter.Kind == kind
        : FileSystemName.MatchesSimpleExpression(word, parameter.Name, ignoreCase: false);

    static ParameterGroup Group((float Decay, float Factor) treatment, Parameter[] parameters, ParameterStore store)
    {
        HashSet<Parameter> members = [.. parameters];
        return new(treatment.Decay, treatment.Factor, parameters, [.. store.Ranges(members.Contains)]);
    }

    static string Text(FormattableString sentence) => sentence.ToString(CultureInfo.InvariantCulture);
}
