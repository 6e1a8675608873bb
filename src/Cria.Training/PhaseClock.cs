namespace Cria.Training;

/// <summary>What a run spends its time on.</summary>
public enum Phase
{
    /// <summary>The loop itself, and whatever has no phase of its own.</summary>
    Loop,

    /// <summary>Reading samples and handing them to the plan.</summary>
    Data,

    /// <summary>Forward and backward.</summary>
    Gradients,

    /// <summary>The gradients' norm.</summary>
    Clip,

    /// <summary>The optimizer's update.</summary>
    Update,

    /// <summary>The norms of groups of parameters, in the steps in which they are taken.</summary>
    Norms,

    /// <summary>Metrics and whoever looks on.</summary>
    Observers,

    /// <summary>The loss on the validation set.</summary>
    Evaluation,

    /// <summary>Copying what a checkpoint saves, and waiting for the one before it.</summary>
    Checkpoint,

    Count,
}

/// <summary>
/// Shares the seconds of a run out among its phases: at every moment exactly one of them has the clock, so that their sum
/// is the time that passed. It allocates nothing and never enters the arithmetic.
/// </summary>
/// <param name="time">The machine's clock, or a test's.</param>
public sealed class PhaseClock(TimeProvider time)
{
    readonly long[] _ticks = new long[(int)Phase.Count];
    Phase _phase;
    long _since = time.GetTimestamp();

    public PhaseClock() : this(TimeProvider.System)
    {
    }

    /// <summary>Seconds of all phases up to now.</summary>
    public double Total
    {
        get
        {
            Enter(_phase);
            return (double)_ticks.Sum() / time.TimestampFrequency;
        }
    }

    /// <summary>From now on the time belongs to another phase.</summary>
    /// <returns>The phase it belonged to, to be entered again afterwards.</returns>
    public Phase Enter(Phase phase)
    {
        long now = time.GetTimestamp();
        _ticks[(int)_phase] += now - _since;
        (Phase before, _phase, _since) = (_phase, phase, now);
        return before;
    }

    /// <summary>Seconds of a phase up to the last change of phase.</summary>
    public double Seconds(Phase phase) => (double)_ticks[(int)phase] / time.TimestampFrequency;
}
