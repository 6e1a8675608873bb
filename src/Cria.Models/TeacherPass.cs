using Cria.Engine.Graphs;
using Cria.Engine.Graphs.Ops;
using Cria.Engine.Kernels;
using Cria.Engine.Tensors;

namespace Cria.Models;

/// <summary>What trained models, as one, say of the token after each of a few windows: all of it, to be written down. They see what a
/// student would see, and never drop out.</summary>
public sealed class TeacherPass : IDisposable
{
    /// <summary>What one matrix of logits may take, unless a single window takes more.</summary>
    const long MatrixBytes = 64 << 20;

    readonly Sequence _sequence;
    readonly Value _probabilities;
    readonly Plan _plan;
    readonly Arena _arena;
    readonly int _vocabSize;

    /// <param name="teachers">Allocated, of one vocabulary.</param>
    /// <param name="weights">Of each in the mean; only their proportions count.</param>
    /// <param name="mean">Of what.</param>
    /// <param name="temperature">By which logits are divided.</param>
    /// <param name="length">T</param>
    /// <param name="atMost">Windows that are asked for at once, at most.</param>
    /// <exception cref="ConfigException">The vocabularies differ, or a context is too short.</exception>
    public TeacherPass(IReadOnlyList<ILanguageModel> teachers, IReadOnlyList<double> weights, EnsembleMean mean, float temperature,
        int length, long atMost)
    {
        _vocabSize = teachers[0].Config.VocabSize;
        foreach (var teacher in teachers)
        {
            if (teacher.Config.VocabSize != _vocabSize)
                throw new ConfigException($"teachers of {_vocabSize:N0} and of {teacher.Config.VocabSize:N0} tokens cannot be averaged; " +
                    "they must share one tokenizer.");
            if (teacher.Config.MaxPositionEmbeddings < length)
                throw new ConfigException($"a teacher's context is {teacher.Config.MaxPositionEmbeddings:N0} tokens and windows have {length:N0}; " +
                    $"use a sequence length of {teacher.Config.MaxPositionEmbeddings:N0} or less.");
        }
        Windows = (int)Math.Clamp(MatrixBytes / ((long)length * _vocabSize * sizeof(float)), 1, atMost);
        int rows = Windows * length;
        var graph = new Graph(teachers[0].Parameters.DType);
        _sequence = new(graph, rows, rows, length);
        double sum = weights.Sum();
        _probabilities = graph.Record(new EnsembleProbabilities([.. teachers.Select(teacher => teacher.Predict(graph, _sequence))],
            [.. weights.Select(weight => (float)(weight / sum))], mean, temperature));
        _plan = Plan.Forward(graph, teachers[0].Parameters.Device, _probabilities);
        _arena = new(_plan.Device, _plan);
    }

    /// <summary>Windows that are asked for at once.</summary>
    public int Windows { get; }

    /// <summary>Bytes of activations and predictions.</summary>
    public long ArenaBytes => _arena.SizeInBytes;

    /// <summary>Asks.</summary>
    /// <param name="kernels">The backend.</param>
    /// <param name="ids">Tokens of at most <see cref="Windows"/> windows.</param>
    /// <param name="starts">The rows at which segments begin.</param>
    /// <param name="probabilities">Receives (R, V), a row for each of the tokens.</param>
    public void Run(IKernels kernels, ReadOnlySpan<int> ids, ReadOnlySpan<int> starts, Span<float> probabilities)
    {
        TokenIds.Check(ids, _vocabSize);
        _sequence.Fill(ids, starts);
        _plan.Forward(kernels);
        _probabilities.Data.Read(probabilities);
    }

    public void Dispose()
    {
        _arena.Dispose();
        _plan.Dispose();
    }
}
