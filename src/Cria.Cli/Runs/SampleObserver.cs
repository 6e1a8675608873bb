using Cria.Training;
using Cria.Training.Observation;

namespace Cria.Cli.Runs;

/// <summary>Lets the model write at evaluations, as often as the recipe asks; its weights are only read.</summary>
/// <param name="every">Steps between the samples; 0 writes none.</param>
/// <param name="prompts">Asked for once, when the first samples are due.</param>
/// <param name="write">Continues prompts.</param>
/// <param name="tell">Who hears what was written.</param>
sealed class SampleObserver(
    int every,
    Func<IReadOnlyList<string>> prompts,
    Func<IReadOnlyList<string>, List<(string Prompt, string Text)>> write,
    IObserver tell) : IObserver
{
    readonly Lazy<IReadOnlyList<string>> _prompts = new(prompts);

    public void Stepped(StepMetrics metrics)
    {
    }

    public void Evaluated(EvaluationMetrics metrics)
    {
        if (every == 0 || metrics.Weights.Length > 0 || metrics.Step % every != 0)
            return;
        foreach (var (prompt, text) in write(_prompts.Value))
            tell.Sampled(new(metrics.Step, prompt, text));
    }

    public void Saved(string folder, int step)
    {
    }
}
