using System.Diagnostics;

namespace Cria.Training.Budgets;

/// <summary>Times real training steps.</summary>
public interface IStepTimer
{
    /// <summary>Seconds of a step of this shape: forward, backward, optimizer.</summary>
    double Seconds(StepShape shape);
}

/// <summary>
/// Measures the machine for a plan: a few shapes around the size that the budget asks for, deeper and wider, over small and large
/// vocabularies; then the best candidates themselves, which the fit has not seen.
/// </summary>
public sealed class ThroughputSurvey
{
    /// <summary>Sizes around the first guess.</summary>
    static readonly double[] Around = [1, 0.25, 4, 0.5, 2];

    const int Finalists = 3;

    /// <param name="planner">What is to be planned.</param>
    /// <param name="timer">The machine.</param>
    /// <param name="seconds">About how long the survey may take.</param>
    public ThroughputSurvey(BudgetPlanner planner, IStepTimer timer, double seconds)
    {
        long began = Stopwatch.GetTimestamp();
        var measured = new List<StepTime>();
        var first = planner.Question.Model ?? CandidateShapes.Llama(planner.Question.Corpus.BytesPerToken.Keys.Min(), 128, 3, planner.Question.Length);
        Time(planner.Shape(first));
        var guess = planner.Candidates(StepCost.Fit(measured))[0].Shape;
        foreach (var shape in planner.Question.Model is null ? Spread(planner, guess) : [])
            if (IsTimeLeft(0.6) && measured.TrueForAll(time => time.Shape != shape))
                Time(shape);
        Fitted = [.. measured];
        Cost = StepCost.Fit(measured);

        var finalists = new List<StepTime>();
        foreach (var candidate in Best(planner.Candidates(Cost)))
            if (finalists.Count == 0 || IsTimeLeft(1))
                finalists.Add(new(candidate.Shape, measured.Find(time => time.Shape == candidate.Shape) is { Seconds: > 0 } known
                    ? known.Seconds
                    : timer.Seconds(candidate.Shape)));
        HeldOut = [.. finalists.Where(time => measured.TrueForAll(known => known.Shape != time.Shape))];
        Pick = finalists.Select(time => planner.Candidate(time.Shape, time.Seconds, isMeasured: true)).MinBy(candidate => candidate.BitsPerByte)!;

        void Time(StepShape shape) => measured.Add(new(shape, timer.Seconds(shape)));

        bool IsTimeLeft(double share) => Stopwatch.GetElapsedTime(began).TotalSeconds < share * seconds;
    }

    /// <summary>What the fit was made from.</summary>
    public IReadOnlyList<StepTime> Fitted { get; }

    /// <summary>Candidates that were measured afterwards.</summary>
    public IReadOnlyList<StepTime> HeldOut { get; }

    public StepCost Cost { get; }

    /// <summary>The best of the candidates that were measured.</summary>
    public Candidate Pick { get; }

    // Deep and wide in turns, over the smallest and the largest vocabulary in turns.
    static IEnumerable<StepShape> Spread(BudgetPlanner planner, StepShape guess)
    {
        int[] vocabularies = [.. planner.Question.Corpus.BytesPerToken.Keys.Order()];
        for (int i = 0; i < 2 * Around.Length; i++)
        {
            double size = guess.BodyParameters * Around[i % Around.Length];
            int vocabulary = i < Around.Length == (i % 2 == 0) ? guess.Model.VocabSize : vocabularies[i % 3 == 0 ? 0 : ^1];
            var near = CandidateShapes.Of(vocabulary, guess.Length).Select(planner.Shape)
                .OrderBy(shape => Math.Abs(Math.Log(shape.BodyParameters / size))).Take(3)
                .OrderBy(shape => shape.Model.NumHiddenLayers);
            yield return i % 2 == 0 ? near.First() : near.Last();
        }
    }

    // The best of all, then the best of other vocabularies or depths.
    static IEnumerable<Candidate> Best(IReadOnlyList<Candidate> candidates) =>
        candidates.DistinctBy(candidate => (candidate.Shape.Model.VocabSize, candidate.Shape.Model.HiddenSize)).Take(Finalists);
}
