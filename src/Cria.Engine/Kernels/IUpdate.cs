namespace Cria.Engine.Kernels;

/// <summary>
/// What an optimizer does to one weight, written once: the next weight and the next state from the gradient. Like
/// <see cref="IFormula"/> it is straight-line code over the operations S of a number type V, for hardware vectors on the CPU and for
/// double in Reference. Its fields are the constants of a parameter group; what changes from step to step it reads from the step's
/// numbers, which lie on the device.
/// </summary>
public interface IUpdate
{
    static abstract string Name { get; }

    /// <summary>How many numbers are kept beside each weight: 0 to 3. The slots from there on hold nothing.</summary>
    static abstract int Slots { get; }

    /// <summary>The next weight; the slots become the next state.</summary>
    /// <param name="weight">As it is.</param>
    /// <param name="gradient">Clipped.</param>
    /// <param name="first">The first slot.</param>
    /// <param name="second">The second slot.</param>
    /// <param name="third">The third slot.</param>
    /// <param name="step">The numbers of this step.</param>
    V Next<V, S>(V weight, V gradient, ref V first, ref V second, ref V third, StepNumbers step)
        where V : struct where S : struct, IArithmetic<V>;
}

/// <summary>The scalars of a step where a kernel finds them: <see cref="StepScalar"/> → number.</summary>
public readonly unsafe struct StepNumbers(float* values)
{
    public float this[StepScalar which] => values[(int)which];

    public float LearningRate => this[StepScalar.LearningRate];
}
