using System.Globalization;
using Cria.Training.Guards;

namespace Cria.Training.Observation;

/// <summary>Something that happened to a run beside its steps. A kind of event is a record; it needs no other place.</summary>
/// <param name="Step">The last step that was done.</param>
public abstract record TrainingEvent(int Step)
{
    /// <summary>The kind, in snake_case: what metrics.jsonl calls it.</summary>
    public abstract string Name { get; }

    /// <summary>What a person reads: a clause without a full stop.</summary>
    public abstract string Text { get; }

    /// <summary>The figures of <see cref="Text"/>, for programs, by their names in snake_case.</summary>
    public virtual IReadOnlyList<(string Name, double Value)> Figures => [];

    protected static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

/// <summary>The loss or the gradient was not finite; weights and optimizer stayed as they were.</summary>
/// <param name="Samples">What was read; where one micro-batch had the loss, its samples.</param>
/// <param name="Parameter">Whose gradient was first not finite in the backward pass; empty where only the loss was not.</param>
public sealed record StepSkipped(int Step, double Loss, float GradientNorm, SampleRange Samples, string Parameter) : TrainingEvent(Step)
{
    public override string Name => "skipped";

    public override string Text => double.IsFinite(Loss)
        ? $"step skipped: the gradient of {Parameter} was not finite, on {Samples}"
        : $"step skipped: the loss of {Samples} was not finite{(Parameter.Length == 0 ? "" : $", nor the gradient, of {Parameter} first")}";

    public override IReadOnlyList<(string, double)> Figures => [("first_sample", Samples.First), ("samples", Samples.Count)];
}

/// <summary>The loss stands far above what the steps before it let expect.</summary>
/// <param name="Expected">Nats a token, from those steps.</param>
/// <param name="IsSkipped">Whether the step made no update because of it.</param>
public sealed record LossSpike(int Step, double Loss, double Expected, bool IsSkipped = false) : TrainingEvent(Step)
{
    public override string Name => "spike";

    public override string Text =>
        Invariant($"loss spike: {Loss:F3} where {Expected:F3} was expected{(IsSkipped ? ", step skipped" : "")}");

    public override IReadOnlyList<(string, double)> Figures => [("event_loss", Loss), ("expected_loss", Expected)];
}

/// <summary>The run went back to an earlier state and goes on from there; what metrics say of the steps between is void.</summary>
/// <param name="To">The step whose state was taken.</param>
/// <param name="Reason">A clause.</param>
/// <param name="NextSample">Where the data goes on: past everything that was read since that step.</param>
public sealed record RolledBack(int Step, int To, string Reason, long NextSample = 0) : TrainingEvent(Step)
{
    public override string Name => "rolled_back";

    public override string Text => Invariant($"rolled back to step {To}: {Reason}");

    public override IReadOnlyList<(string, double)> Figures => [("to", To), ("next_sample", NextSample)];
}

/// <summary>A time budget was planned anew from the speed so far.</summary>
/// <param name="PlannedSteps">The last step, as planned now.</param>
/// <param name="SecondsLeft">Of the budget, at this step.</param>
public sealed record Replanned(int Step, int PlannedSteps, double SecondsLeft) : TrainingEvent(Step)
{
    public override string Name => "replanned";

    /// <summary>What the evaluation at the end of the run will take; 0 where nobody knows.</summary>
    public double FinalEvaluationSeconds { get; init; }

    public override string Text => Invariant($"the budget ends at step {PlannedSteps}, in {SecondsLeft:F0} s") + Warning;

    string Warning => FinalEvaluationSeconds <= Math.Max(1, SecondsLeft) ? "" : Invariant(
        $"; the evaluation at the end alone takes about {FinalEvaluationSeconds:F0} s: give the run more time or a smaller validation set");

    public override IReadOnlyList<(string, double)> Figures => [("planned_steps", PlannedSteps), ("seconds_left", SecondsLeft)];
}

/// <param name="Seconds">For which training stood still; 0 where nobody took the time.</param>
public sealed record CheckpointSaved(int Step, double Seconds) : TrainingEvent(Step)
{
    public override string Name => "saved";

    public override string Text => Invariant($"checkpoint of step {Step} saved");

    public override IReadOnlyList<(string, double)> Figures => [("pause_seconds", Seconds)];
}

/// <summary>A checkpoint could not be written; the last good one stands, and training goes on.</summary>
/// <param name="Reason">A clause.</param>
public sealed record CheckpointFailed(int Step, string Reason) : TrainingEvent(Step)
{
    public override string Name => "save_failed";

    public override string Text => $"checkpoint not saved: {Reason}";
}

/// <summary>The state that a roll-back would have gone to is no longer on the disk; it would go to the resumed one.</summary>
/// <param name="Good">The step whose checkpoint is missing or damaged.</param>
public sealed record GoodStateLost(int Step, int Good) : TrainingEvent(Step)
{
    public override string Name => "good_state_lost";

    public override string Text => $"the checkpoint of step {Good}, which a roll-back would have gone to, is gone; it would go to step {Step}";
}
