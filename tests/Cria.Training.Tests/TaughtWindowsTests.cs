using Cria.Data.Predictions;
using Cria.Data.Sampling;
using Cria.Data.Shards;
using Cria.Engine.Graphs.Ops;
using Cria.Engine.Kernels;
using Cria.Engine.Kernels.Reference;
using Cria.Engine.Tensors;
using Cria.Models;
using Cria.Models.Losses;
using Cria.Training.Recipes;

namespace Cria.Training.Tests;

/// <summary>Students of teachers who were asked beforehand.</summary>
public sealed class TaughtWindowsTests : IDisposable
{
    const int T = 16, B = 2, Vocabulary = 61;
    const float Temperature = 2;

    static readonly SampleOptions Windows = new() { Type = "windows" };

    readonly string _folder = Directory.CreateTempSubdirectory("cria-taught-").FullName;
    readonly ShardSet _shards;
    readonly IKernels _kernels = KernelChoice.Best(2);
    readonly ILanguageModel _student, _llama, _gpt;

    public TaughtWindowsTests()
    {
        ShardOptions options = new() { TokenizerSha256 = new string('7', 64), VocabSize = Vocabulary, EndOfText = 0 };
        using (ShardWriter writer = new(In("shards"), options))
        {
            for (int document = 0; document < 20; document++)
                writer.Add([.. Enumerable.Range(0, 5 + document).Select(i => 1 + (document * 7 + i * i) % (Vocabulary - 1))], 5);
            writer.Complete();
        }
        _shards = ShardSet.Open(In("shards"));
        LlamaConfig llama = new()
        {
            VocabSize = Vocabulary,
            HiddenSize = 32,
            NumHiddenLayers = 1,
            NumAttentionHeads = 2,
            IntermediateSize = 48,
            MaxPositionEmbeddings = T,
            InitializerRange = 0.3f,
        };
        Gpt2Config gpt = new()
        {
            VocabSize = Vocabulary,
            HiddenSize = 24,
            NumHiddenLayers = 1,
            NumAttentionHeads = 2,
            IntermediateSize = 40,
            MaxPositionEmbeddings = T,
            InitializerRange = 0.3f,
        };
        (_student, _llama, _gpt) = (Ready(llama with { HiddenSize = 16 }, withGradients: true), Ready(llama), Ready(gpt));
    }

    public void Dispose()
    {
        foreach (var model in (ILanguageModel[])[_student, _llama, _gpt])
            model.Dispose();
        (_kernels as IDisposable)?.Dispose();
        _shards.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>In 32 bits all that differs is rounding; in 16 a probability is off by 0.0002 at most.</summary>
    [Theory]
    [InlineData(EnsembleMean.Logits, DivergenceReduction.Tokens, false, 1e-5)]
    [InlineData(EnsembleMean.Probabilities, DivergenceReduction.Sequences, false, 1e-5)]
    [InlineData(EnsembleMean.Logits, DivergenceReduction.Tokens, true, 5e-3)]
    public void With_every_token_kept_loss_and_gradient_are_those_of_the_teachers_themselves(
        EnsembleMean mean, DivergenceReduction reduction, bool isHalf, double tolerance)
    {
        using var file = Teach(new TopTokens(Vocabulary), mean, isHalf);
        var live = Step(new DistillationLoss([_llama, _gpt], new(0.25f, Temperature, mean, reduction)), first: 3);
        var cached = Step(new CachedDistillationLoss(Attached(file), 0.25f, reduction), first: 3);
        Assert.Equal(live.Loss, cached.Loss, tolerance * live.Loss);
        double size = Math.Sqrt(live.Gradient.Average(g => (double)g * g));
        Assert.NotEqual(0, size);
        Assert.Equal(live.Gradient, cached.Gradient, (a, b) => Math.Abs(a - b) <= tolerance * (Math.Abs(a) + size));
    }

    [Fact]
    public void Samples_find_their_windows_in_every_epoch_and_nothing_is_allocated()
    {
        using var file = Teach(new TopTokens(7));
        TaughtWindows taught = Attached(file);
        var reader = (IFixedWindows)Reader(Windows);
        KeptPredictions kept = new(T, file.Most);
        int[] ids = new int[T * file.Most];
        float[] shares = new float[ids.Length], logs = new float[ids.Length], rests = new float[T];
        for (long sample = 0; sample < 3 * reader.SamplesPerEpoch; sample++)
        {
            taught.Read(sample, ids, shares, logs, rests);
            file.Read(reader.Window(sample), kept);
            Assert.Equal(kept.Ids, ids);
            Assert.Equal(kept.Shares, shares);
            Assert.Equal(kept.Rests, rests);
        }
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (long sample = 0; sample < 50; sample++)
            taught.Read(sample, ids, shares, logs, rests);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void A_subset_of_the_windows_holds_what_all_of_them_say_of_it()
    {
        SampleOptions few = Windows with { Subset = 5, SubsetSeed = 9 };
        using var all = Teach(new TopTokens(7));
        using var some = Teach(new TopTokens(7), subset: few);
        Assert.Equal(5, some.Header.Windows);
        KeptPredictions of = new(T, all.Most);
        int[] ids = new int[T * some.Most];
        float[] shares = new float[ids.Length], logs = new float[ids.Length], rests = new float[T];
        TaughtWindows taught = new(some);
        var reader = (IFixedWindows)Reader(few);
        taught.Attach(reader, new string('7', 64));
        for (long sample = 0; sample < 20; sample++)
        {
            taught.Read(sample, ids, shares, logs, rests);
            all.Read(reader.Window(sample), of);
            Assert.Equal(of.Ids, ids);
            Assert.Equal(of.Rests, rests);
        }
        Recipe fits = SmallRun.Base with
        {
            Data = new() { SequenceLength = T, Reader = few },
            Model = ((LlamaConfig)SmallRun.Base.Model) with { VocabSize = Vocabulary },
        };
        taught.Check(fits);
        foreach (var other in (SampleOptions[])[Windows, few with { Subset = 6 }, few with { SubsetSeed = 8 }])
            Assert.Contains("drawn with seed 9", Assert.Throws<ConfigException>(
                () => taught.Check(fits with { Data = fits.Data with { Reader = other } })).Message);
    }

    /// <summary>10,000 rows with one prediction, drawn from anew each: the mean of loss and gradient against those of the whole
    /// prediction in float64, within five standard errors; what the most probable tokens give is further away than that.</summary>
    [Theory]
    [InlineData(8, 1, true), InlineData(8, 1.5, false), InlineData(2, 1, false)]
    public void The_expected_gradient_of_drawn_tokens_is_that_of_the_whole_prediction(int draws, double proposalTemperature, bool isHalf)
    {
        const int Rows = 100, Files = 100, Words = 23;
        Random random = new(5);
        double[] student = [.. Enumerable.Range(0, Words).Select(_ => 2 * random.NextDouble())];
        float[] p = [.. Enumerable.Range(0, Words).Select(_ => (float)Math.Exp(5 * random.NextDouble()))];
        double all = p.Sum(x => (double)x);
        var (loss, gradient) = Whole(student, [.. p.Select(x => x / all)]);

        var drawn = Sparse(new DrawnTokens(draws, proposalTemperature, Seed: 1), isHalf);
        IsClose("loss", loss, [.. drawn.Select(row => row.Loss)]);
        for (int v = 0; v < Words; v++)
            IsClose($"gradient of token {v}", gradient[v], [.. drawn.Select(row => row.Gradient[v])]);

        double[] top = Sparse(new TopTokens(draws), half: false)[0].Gradient;
        double error = Enumerable.Range(0, Words).Max(v => Error([.. drawn.Select(row => row.Gradient[v])]));
        Assert.True(top.Zip(gradient, (a, b) => Math.Abs(a - b)).Max() > 5 * error, "the most probable tokens alone were as good");

        void IsClose(string what, double expected, double[] found) =>
            Assert.True(Math.Abs(found.Average() - expected) < 5 * Error(found) + 1e-6,
                $"{what}: {found.Average():G6} on average, {expected:G6} of the whole");

        double Error(double[] found)
        {
            double mean = found.Average();
            return Math.Sqrt(found.Average(x => (x - mean) * (x - mean)) / found.Length);
        }

        (double Loss, double[] Gradient)[] Sparse(TokenChoice choice, bool half)
        {
            string path = In(choice.Name);
            PredictionHeader header = Header(choice, half) with { VocabSize = Words, SequenceLength = Rows, Windows = Files };
            using (PredictionWriter writer = new(path, header))
            {
                for (int i = 0; i < Files; i++)
                    writer.Add(Enumerable.Repeat(p, Rows).SelectMany(row => row).ToArray(), threads: 2);
                writer.Complete();
            }
            using var file = PredictionFile.Open(path);
            KeptPredictions kept = new(Rows, file.Most);
            List<(double, double[])> rows = [];
            for (int i = 0; i < Files; i++)
            {
                file.Read(i, kept);
                rows.AddRange(Kept(student, kept));
            }
            return [.. rows];
        }
    }

    [Fact]
    public void What_does_not_fit_the_file_is_refused_in_a_sentence()
    {
        using var file = Teach(new TopTokens(7));
        TaughtWindows taught = new(file);
        Recipe fits = SmallRun.Base with
        {
            Model = ((LlamaConfig)SmallRun.Base.Model) with { VocabSize = Vocabulary },
            Data = new() { SequenceLength = T, Reader = Windows },
        };
        taught.Check(fits);
        Refused("data.reader.type permutation", fits with { Data = fits.Data with { Reader = new() } });
        Refused("windows of 16 tokens", fits with { Data = fits.Data with { SequenceLength = 32 } });
        Refused("document_masks is false", fits with { Data = fits.Data with { Reader = Windows with { DocumentMasks = false } } });
        Refused("predict 61 tokens", fits with { Model = ((LlamaConfig)fits.Model) with { VocabSize = 62 } });
        Refused("data.mixture", fits with { Data = fits.Data with { Mixture = [new() { Train = "a", Weight = 1 }] } });

        string tokenizer = new('7', 64);
        taught.Attach(Reader(Windows), tokenizer);
        Assert.Contains("another tokenizer", Assert.Throws<ConfigException>(() => taught.Attach(Reader(Windows), new string('8', 64))).Message);
        using var other = new SmallRun();
        var foreign = SampleReaders.Open(Windows, ShardSet.Open(Path.Combine(other.Folder, "shards")), T, seed: 1);
        Assert.Contains("other data", Assert.Throws<ConfigException>(() => taught.Attach(foreign, tokenizer)).Message);

        void Refused(string said, Recipe recipe) =>
            Assert.Contains(said, Assert.Throws<ConfigException>(() => taught.Check(recipe)).Message);
    }

    static (double Loss, double[] Gradient) Whole(double[] student, double[] p)
    {
        using var memory = new Host();
        Tensor logits = memory.Doubles(1, student), loss = memory.Doubles(1, 0);
        new ReferenceKernels<double>().Distillation(loss, memory.Doubles(1, 0), memory.Doubles(1, 0), logits, memory.Doubles(1, p),
            memory.Integers(1, 4), memory.Doubles(1, 1), Constants);
        return (loss.ToArray<double>()[0], logits.ToArray<double>());
    }

    static IEnumerable<(double Loss, double[] Gradient)> Kept(double[] student, KeptPredictions kept)
    {
        using var memory = new Host();
        int rows = kept.Rests.Length;
        Tensor logits = memory.Doubles(rows, [.. Enumerable.Repeat(student, rows).SelectMany(row => row)]);
        Tensor loss = None(), shares = memory.Doubles(rows, Wide(kept.Shares)), logs = memory.Doubles(rows, Wide(kept.Logs));
        SparsePredictions teachers = new(memory.Integers(rows, kept.Ids), shares, logs, memory.Doubles(rows, Wide(kept.Rests)),
            memory.Doubles(rows, Wide(kept.Logs)));
        new ReferenceKernels<double>().SparseDistillation(loss, None(), None(), logits, teachers,
            memory.Integers(rows, [.. Enumerable.Repeat(4, rows)]), memory.Doubles(rows, [.. Enumerable.Repeat(1.0, rows)]), Constants);
        double[] losses = loss.ToArray<double>();
        return [.. logits.ToArray<double>().Chunk(student.Length).Select((gradient, r) => (losses[r], gradient))];

        Tensor None() => memory.Doubles(rows, new double[rows]);

        static double[] Wide(float[] numbers) => Array.ConvertAll(numbers, x => (double)x);
    }

    static DistillationConstants Constants => new(0.3f, 1.4f, Temperature);

    (double Loss, float[] Gradient) Step(ITrainingLoss loss, long first)
    {
        using TrainingPass pass = new(_student, Reader(Windows), B, new(), seed: 1, loss);
        using Engine.Graphs.Arena arena = new(CpuDevice.Instance, pass.Plan);
        arena.Poison();
        double value = pass.Run(_kernels, first, weight: 1f / (B * T), accumulate: false);
        return (value, [.. _student.Parameters.Parameters.SelectMany(p => p.Gradient!.Data.ToArray<float>())]);
    }

    TaughtWindows Attached(PredictionFile file)
    {
        TaughtWindows taught = new(file);
        taught.Attach(Reader(Windows), new string('7', 64));
        return taught;
    }

    ISampleReader Reader(SampleOptions options) => SampleReaders.Open(options, _shards, T, seed: 11);

    PredictionHeader Header(TokenChoice choice, bool isHalf) => new()
    {
        DataSha256 = _shards.ManifestHash,
        TokenizerSha256 = new string('7', 64),
        VocabSize = Vocabulary,
        SequenceLength = T,
        Windows = Reader(Windows).SamplesPerEpoch,
        DocumentMasks = true,
        Temperature = Temperature,
        Average = "logits",
        Teachers = [new("llama", new string('1', 64), 1), new("gpt", new string('2', 64), 1)],
        Choice = choice,
        IsHalf = isHalf,
    };

    PredictionFile Teach(TokenChoice choice, EnsembleMean mean = default, bool isHalf = false, SampleOptions? subset = null)
    {
        var reader = Reader((subset ?? Windows) with { Shuffle = false });
        var header = Header(choice, isHalf) with { Windows = reader.SamplesPerEpoch };
        if (subset is not null)
            header = header with { Subset = subset.Subset, SubsetSeed = subset.SubsetSeed };
        string path = In($"taught-{subset?.Subset}");
        using TeacherPass pass = new([_llama, _gpt], [1, 1], mean, Temperature, T, 1);
        int[] ids = new int[T], next = new int[T], starts = new int[T];
        float[] probabilities = new float[T * Vocabulary];
        using (PredictionWriter writer = new(path, header))
        {
            while (writer.Windows < header.Windows)
            {
                int segments = reader.Read(writer.Windows, 1, ids, next, starts);
                pass.Run(_kernels, ids, starts.AsSpan(0, segments), probabilities);
                writer.Add(probabilities, threads: 1);
            }
            writer.Complete();
        }
        return PredictionFile.Open(path);
    }

    string In(string name) => Path.Combine(_folder, name);

    static ILanguageModel Ready(ModelConfig config, bool withGradients = false)
    {
        var model = ModelCatalog.Create(config, CpuDevice.Instance);
        model.Parameters.Allocate(withGradients);
        model.Parameters.Initialize(seed: 2);
        return model;
    }

    /// <summary>Tensors of one computation.</summary>
    sealed class Host : IDisposable
    {
        readonly List<DeviceMemory> _memory = [];

        public Tensor Doubles(int rows, params double[] values) => Tensor(DType.F64, rows, values);

        public Tensor Integers(int rows, params int[] values) => Tensor(DType.I32, rows, values);

        public void Dispose() => _memory.ForEach(block => block.Dispose());

        Tensor Tensor<T>(DType type, int rows, T[] values) where T : unmanaged
        {
            var block = CpuDevice.Instance.Allocate((long)values.Length * type.SizeInBytes());
            _memory.Add(block);
            var tensor = block.Tensor(type, new(rows, values.Length / rows));
            tensor.Write<T>(values);
            return tensor;
        }
    }
}
