using Cria.Engine.Graphs;
using Cria.Engine.Graphs.Ops;
using Cria.Engine.Kernels;
using Cria.Engine.Kernels.Reference;
using Cria.Engine.Tensors;
using Cria.Engine.Tests.Reference;

namespace Cria.Engine.Tests.Ops;

/// <summary>
/// The head against the papers' formulas computed by themselves in float64, on the reference kernels and on those of every
/// instruction set, and on any number of threads: values to a millionth, gradients to a hundred-thousandth of their tensor's largest.
/// </summary>
public sealed class DistillationHeadTests
{
    const double ValueTolerance = 1e-6, GradientTolerance = 1e-5;

    static readonly Dictionary<string, Case> Cases = new()
    {
        ["one teacher"] = new(5, 7, 4, [3]),
        ["two widths at a temperature"] = new(9, 33, 6, [3, 11]) { Temperature = 2, HasBias = true },
        ["weighted logits and ignored rows"] = new(23, 40, 5, [8, 3, 13]) { Temperature = 2, Weights = [2, 1, 0.5f], IgnoredEvery = 4 },
        ["probabilities"] = new(11, 17, 8, [4, 9]) { Mean = EnsembleMean.Probabilities, Temperature = 0.7f },
        ["weighted probabilities"] = new(21, 65, 8, [4, 9, 2]) { Mean = EnsembleMean.Probabilities, Temperature = 1.5f, Weights = [3, 1, 4], IgnoredEvery = 5 },
        ["summed over sequences"] = new(16, 29, 6, [5, 7]) { Temperature = 2, Length = 16 },
        ["teachers alone"] = new(12, 31, 6, [5]) { Alpha = 0, Temperature = 3 },
        ["text alone"] = new(12, 31, 6, [5]) { Alpha = 1 },
        ["a vocabulary of no round number"] = new(4, 1023, 16, [16, 24]) { Temperature = 2, Alpha = 0.25f },
        ["as many rows as a chunk"] = new(512, 19, 3, [2, 4]) { Temperature = 2 },
        ["a row more than a chunk"] = new(513, 19, 3, [2, 4]) { Temperature = 2, Weights = [1, 3], IgnoredEvery = 7 },
        ["two chunks of probabilities"] = new(700, 18, 3, [2, 4]) { Mean = EnsembleMean.Probabilities, HasBias = true, IgnoredEvery = 3 },
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory, MemberData(nameof(Names))]
    public void Values_and_gradients_are_those_of_the_papers_formulas(string name)
    {
        var expected = Cases[name].OnPaper();
        AssertClose($"{name}, reference", expected, Cases[name].Run(new ReferenceKernels<double>(), DType.F64));
        foreach (var kernels in Backends.With(threads: 2))
            AssertClose($"{name}, {kernels.Name}", expected, Cases[name].Run(kernels, DType.F32));
    }

    [Theory, MemberData(nameof(Names))]
    public void Any_number_of_threads_gives_the_same_bits(string name)
    {
        for (int i = 0; i < Backends.With(1).Count; i++)
        {
            double[][] one = Cases[name].Run(Backends.With(1)[i], DType.F32);
            for (int threads = 2; threads <= 3; threads++)
                Assert.Equal(one, Cases[name].Run(Backends.With(threads)[i], DType.F32));
        }
    }

    [Theory]
    [InlineData("weighted logits and ignored rows"), InlineData("weighted probabilities")]
    public void The_gradients_on_paper_are_the_slopes_of_the_loss_on_paper(string name)
    {
        const double Step = 1e-5;
        var (student, lesson) = Cases[name].Problem();
        var outcome = PaperDistillation.Of(student, lesson);
        double size = outcome.DHead.SelectMany(row => row).Max(Math.Abs);
        for (int v = 0; v < student.Head.Length; v += 7)
        {
            double before = student.Head[v][1];
            student.Head[v][1] = before + Step;
            double above = PaperDistillation.Of(student, lesson).Loss;
            student.Head[v][1] = before - Step;
            double below = PaperDistillation.Of(student, lesson).Loss;
            student.Head[v][1] = before;
            Assert.Equal((above - below) / (2 * Step), outcome.DHead[v][1], 1e-8 * size);
        }
    }

    [Fact]
    public void Weights_that_do_not_fit_the_teachers_are_refused()
    {
        var refused = Assert.Throws<ArgumentException>(() =>
            new Case(5, 7, 4, [3]) { Weights = [1, 2] }.Run(new ReferenceKernels<double>(), DType.F64));
        Assert.Contains("1 teachers need as many shares, not 2", refused.Message, StringComparison.Ordinal);
    }

    static void AssertClose(string who, double[][] expected, double[][] actual)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            double tolerance = (i == 0 ? ValueTolerance : GradientTolerance) * Math.Max(i == 0 ? 1 : 0, expected[i].Max(Math.Abs));
            for (int j = 0; j < expected[i].Length; j++)
                Assert.True(Math.Abs(expected[i][j] - actual[i][j]) <= tolerance,
                    $"{who}: number {j} of {Case.Results[i]} is {actual[i][j]:G9}, on paper {expected[i][j]:G9}");
        }
    }

    /// <summary>A problem of random numbers that a float holds exactly.</summary>
    sealed record Case(int Rows, int Words, int Width, int[] TeacherWidths)
    {
        public static readonly string[] Results = ["loss and parts", "dHidden", "dHead", "dBias"];

        public float Alpha { get; init; } = 0.5f;

        public float Temperature { get; init; } = 1;

        public float[]? Weights { get; init; }

        public EnsembleMean Mean { get; init; }

        public bool HasBias { get; init; }

        public int IgnoredEvery { get; init; } = int.MaxValue;

        public int Length { get; init; } = 1;

        float Factor => (1 - Alpha) * Temperature * Temperature * Length;

        float[] Shares => Weights is null
            ? [.. TeacherWidths.Select(_ => 1f / TeacherWidths.Length)]
            : [.. Weights.Select(weight => weight / Weights.Sum())];

        public double[][] OnPaper()
        {
            var (student, lesson) = Problem();
            var outcome = PaperDistillation.Of(student, lesson);
            double[][] results =
            [
                [outcome.Loss, outcome.CrossEntropy, outcome.Divergence],
                [.. outcome.DHidden.SelectMany(row => row)],
                [.. outcome.DHead.SelectMany(row => row)],
            ];
            return HasBias ? [.. results, outcome.DBias] : results;
        }

        public (PaperDistillation.Model Student, PaperDistillation.Lesson Lesson) Problem()
        {
            var random = new Random(Rows * 31 + Words);
            var student = Model(Width, HasBias);
            PaperDistillation.Model[] teachers = [.. TeacherWidths.Select((width, i) => Model(width, hasBias: i == 0))];
            int[] next = [.. Enumerable.Range(0, Rows).Select(row => row % IgnoredEvery == IgnoredEvery - 1 ? -1 : random.Next(Words))];
            double[] weights = [.. next.Select(_ => (double)(float)(random.NextDouble() / Rows))];
            return (student, new(teachers, [.. Shares.Select(share => (double)share)], Mean == EnsembleMean.Logits, next, weights, Alpha,
                Temperature, Factor));

            PaperDistillation.Model Model(int width, bool hasBias) =>
                new(Matrix(Rows, width, 1), Matrix(Words, width, 1.5 / Math.Sqrt(width)), hasBias ? Matrix(1, Words, 0.5)[0] : null);

            double[][] Matrix(int rows, int columns, double scale) => [.. Enumerable.Range(0, rows)
                .Select(_ => Enumerable.Range(0, columns).Select(_ => (double)(float)(scale * Normal())).ToArray())];

            double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        }

        /// <summary>The loss with its parts, then the gradients.</summary>
        public double[][] Run(IKernels kernels, DType type)
        {
            var (student, lesson) = Problem();
            var graph = new Graph(type);
            using var store = new ParameterStore(CpuDevice.Instance, type);
            List<Action> fills = [];
            Value targets = graph.Input("targets", DType.I32, new(Rows, 1)), weights = graph.Input("weights", type, new(Rows, 1));
            var learner = Said("student", student, learns: true);
            Prediction[] teachers = [.. lesson.Teachers.Select((teacher, i) => Said($"teacher {i}", teacher, learns: false))];
            var head = new DistillationHead(learner, teachers, Mean, targets, weights, new(Alpha, Factor, Temperature),
                Weights is null ? null : Shares);
            graph.Record(head);
            store.Allocate(withGradients: true);
            using var plan = Plan.Training(graph, head.Output, CpuDevice.Instance);
            using var arena = new Arena(CpuDevice.Instance, plan);
            arena.Poison();
            fills.ForEach(fill => fill());
            targets.Data.Write<int>(lesson.Next);
            Write(weights.Data, lesson.Weights);
            plan.Forward(kernels);
            plan.Backward(kernels);
            Parameter[] learned = [.. store.Parameters.Where(parameter => parameter.Trainable)];
            return [Numbers(head.Output.Data), .. learned.Select(parameter => Numbers(parameter.Gradient!.Data))];

            Prediction Said(string name, PaperDistillation.Model model, bool learns) => new(
                Stored($"{name} hidden", new(Rows, model.Hidden[0].Length), [.. model.Hidden.SelectMany(row => row)], learns),
                Stored($"{name} head", new(Words, model.Head[0].Length), [.. model.Head.SelectMany(row => row)], learns),
                model.Bias is null ? null : Stored($"{name} bias", new(Words), model.Bias, learns));

            Parameter Stored(string name, Shape shape, double[] numbers, bool learns)
            {
                var parameter = store.Add(name, shape, new Initializer.Constant(0), ParameterKind.Matrix);
                parameter.Trainable = learns;
                fills.Add(() => store.Write(parameter, numbers));
                return parameter;
            }
        }

        static void Write(Tensor tensor, double[] numbers)
        {
            if (tensor.DType == DType.F64)
                tensor.Write<double>(numbers);
            else
                tensor.Write<float>(Array.ConvertAll(numbers, number => (float)number));
        }

        static double[] Numbers(Tensor tensor) => tensor.DType == DType.F64
            ? tensor.ToArray<double>()
            : Array.ConvertAll(tensor.ToArray<float>(), number => (double)number);
    }
}
