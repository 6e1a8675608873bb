using Cria.Engine.Kernels;
using Cria.Engine.Kernels.Reference;
using Cria.Engine.Tensors;
using Cria.Engine.Tests.Reference;

namespace Cria.Engine.Tests.Ops;

public sealed class SparseDistillationTests
{
    public static TheoryData<int> Columns => [.. Sizes.Columns];

    [Theory, MemberData(nameof(Columns))]
    public void Every_backend_agrees_with_the_reference(int columns)
    {
        foreach (var rows in Sizes.Rows)
            foreach (float temperature in new[] { 1, 2, 0.7f })
                foreach (float rest in new[] { 0, 0.3f })
                    Agreement.Holds(rows, Call(columns, temperature, rest), 2e-5);
    }

    [Theory, InlineData(17, 0), InlineData(17, 0.3f), InlineData(1023, 0.3f)]
    public void Large_logits_do_not_overflow(int columns, float rest) =>
        Agreement.Holds(9, Call(columns, temperature: 2, rest, scale: 100), 1e-4);

    [Theory, InlineData(17), InlineData(1023)]
    public void Any_number_of_threads_gives_the_same_bits(int columns) =>
        Agreement.IsTheSameOnAnyNumberOfThreads(new(40, 37), Call(columns, temperature: 2, rest: 0.3f));

    [Theory, InlineData(17), InlineData(129), InlineData(1023)]
    public void A_row_is_the_same_in_any_company(int columns) =>
        Agreement.IsTheSameForARowInAnyCompany(37, Call(columns, temperature: 2, rest: 0.3f));

    [Theory, InlineData(1), InlineData(2)]
    public void With_every_token_kept_it_is_the_whole_prediction(float temperature)
    {
        const int Words = 9, Rows = 4;
        using var bench = new Workbench(DType.F64, Rows);
        var world = new World(bench, Words, Words, temperature);
        world.Keep((_, _) => true);
        world.AssertSame(1e-13);
    }

    /// <summary>That is what the rest as one token means: the student is left to divide it as it does.</summary>
    [Theory, InlineData(1), InlineData(2)]
    public void The_rest_as_one_token_is_the_whole_prediction_of_a_teacher_that_divides_the_rest_as_the_student_does(float temperature)
    {
        const int Words = 11;
        using var bench = new Workbench(DType.F64, 5);
        var world = new World(bench, Words, 4, temperature);
        world.DivideAsTheStudent(keptWords: 4);
        world.Keep((_, word) => word < 4);
        world.AssertSame(1e-12);
    }

    [Fact]
    public void A_student_far_from_the_rest_gets_a_finite_gradient_towards_it()
    {
        using var bench = new Workbench(DType.F32, 1);
        foreach (var kernels in Backends.With(threads: 1))
        {
            Tensor logits = bench.Output("logits", 8), ids = bench.SomeIds("ids", 8, 1), loss = bench.Output("loss", 1);
            Tensor shares = bench.Output("shares", 1), logs = bench.Output("logs", 1);
            Tensor rests = bench.Output("rests", 1), weights = bench.Output("weights", 1);
            logits.Write<float>([1000, 0, 0, 0, 0, 0, 0, 0]);
            ids.Write<int>([0]);
            shares.Write<float>([0.5f]);
            logs.Write<float>([MathF.Log(0.5f)]);
            rests.Write<float>([0.5f]);
            weights.Write<float>([1]);
            SparsePredictions kept = new(ids, shares, logs, rests, bench.Scratch("places", 1));
            kernels.SparseDistillation(loss, bench.Output("cross-entropy", 1), bench.Output("divergence", 1), logits, kept,
                bench.Ids("targets", 1), weights, new(0, 1, 1));
            float[] gradient = logits.ToArray<float>();
            Assert.Equal(0.5f, gradient[0], 1e-6f);
            Assert.All(gradient[1..], g => Assert.Equal(-0.5f / 7, g, 1e-6f));
            Assert.Equal(500, loss.ToArray<float>()[0], 2f);
        }
    }

    static KernelCall Call(int columns, float temperature, float rest, double scale = 2) => (bench, k) =>
    {
        int most = Math.Min(5, columns);
        Tensor shares = bench.Output("shares", most), rests = bench.Output("rests", 1);
        k.Softmax(shares, bench.Input("kept logits", most), 1, 0.9f);
        k.Softmax(rests, bench.Input("rest", 1), 1, rest);
        SparsePredictions kept = new(bench.SomeIds("ids", columns, most), shares, bench.Input("logs", most), rests, bench.Scratch("places", most));
        k.SparseDistillation(bench.Output("loss", 1), bench.Output("cross-entropy", 1), bench.Output("divergence", 1),
            bench.Input("logits, then gradient", columns, scale), kept,
            bench.Ids("targets", columns, someNegative: true), bench.Input("weights", 1), new(0.3f, 1.4f, temperature));
    };

    /// <summary>A student and a teacher in float64, the teacher whole and as far as it is kept.</summary>
    sealed class World
    {
        readonly Workbench _bench;
        readonly ReferenceKernels<double> _kernels = new();
        readonly int _words, _most;
        readonly float _temperature;
        readonly Tensor _logits, _teacher, _ids, _shares, _logs, _rests;

        public World(Workbench bench, int words, int most, float temperature)
        {
            (_bench, _words, _most, _temperature) = (bench, words, most, temperature);
            (_logits, _teacher) = (bench.Input("student", words), bench.Output("teacher", words));
            _kernels.Softmax(_teacher, bench.Input("teacher logits", words), 1 / temperature, 1);
            _ids = bench.SomeIds("ids", words, most);
            (_shares, _logs, _rests) = (bench.Output("shares", most), bench.Output("logs", most), bench.Output("rests", 1));
        }

        public void DivideAsTheStudent(int keptWords)
        {
            var student = _bench.Output("student's probabilities", _words);
            _kernels.Softmax(student, _logits, 1 / _temperature, 1);
            for (int r = 0; r < _bench.Rows; r++)
            {
                var p = _teacher.Span<double>().Slice(r * _words + keptWords, _words - keptWords);
                var q = student.Span<double>().Slice(r * _words + keptWords, _words - keptWords);
                double rest = p.ToArray().Sum(), restOfStudent = q.ToArray().Sum();
                for (int i = 0; i < p.Length; i++)
                    p[i] = rest * q[i] / restOfStudent;
            }
        }

        public void Keep(Func<int, int, bool> isKept)
        {
            _ids.Span<int>().Fill(-1);
            for (int r = 0; r < _bench.Rows; r++)
            {
                int count = 0;
                double rest = 0;
                for (int word = 0; word < _words; word++)
                {
                    double p = _teacher.Span<double>()[r * _words + word];
                    if (!isKept(r, word))
                    {
                        rest += p;
                        continue;
                    }
                    int at = r * _most + count++;
                    (_ids.Span<int>()[at], _shares.Span<double>()[at], _logs.Span<double>()[at]) = (word, p, Math.Log(p));
                }
                _rests.Span<double>()[r] = rest;
            }
        }

        public void AssertSame(double tolerance)
        {
            Tensor whole = _bench.Output("whole", _words), loss = _bench.Output("loss", 1), sparse = _bench.Output("sparse loss", 1);
            Tensor targets = _bench.Ids("targets", _words), weights = _bench.Input("weights", 1);
            _logits.CopyTo(whole);
            DistillationConstants constants = new(0.3f, 1.4f, _temperature);
            _kernels.Distillation(loss, Part("cross-entropy"), Part("divergence"), whole, _teacher, targets, weights, constants);
            _kernels.SparseDistillation(sparse, Part("cross-entropy of few"), Part("divergence of few"), _logits,
                new(_ids, _shares, _logs, _rests, _bench.Scratch("places", _most)), targets, weights, constants);
            Assert.Equal(loss.ToArray<double>(), sparse.ToArray<double>(), (a, b) => Math.Abs(a - b) < tolerance);
            Assert.Equal(whole.ToArray<double>(), _logits.ToArray<double>(), (a, b) => Math.Abs(a - b) < tolerance);

            Tensor Part(string name) => _bench.Output(name, 1);
        }
    }
}
