namespace Cria.Training.Schedules;

/// <summary>
/// The learning rate of every step: a pure function of the step and of the planned last step, so that resume needs no
/// state but the plan.
/// </summary>
public interface ISchedule
{
    /// <param name="step">Counted from 0. One past the last is allowed and has the last one's rate.</param>
    /// <param name="plan">How many steps there are to be, as far as is known.</param>
    float LearningRate(int step, StepPlan plan);
}
