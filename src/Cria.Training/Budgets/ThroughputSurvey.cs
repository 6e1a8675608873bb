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
/// vocabularies; then the best candidate, which the fit has not seen, until the best of all is one that was measured.
/// </summary>
public sealed class ThroughputSurvey
{
    /// <summary>Sizes around the first guess.</summary>
    static readonly double[] Around = [1, 0.25, 4, 0.5, 2];

    /// <summary>How often the best candidate is measured and may turn out to be slower than it seemed.</summary>
    const int Rounds = 4;

    /// <summary>The share of the time for the shapes around; the rest is for the best candidates.</summary>
    const double ShareOfFit = 0.6;

    readonly BudgetPlanner _planner;
    readonly IStepTimer _timer;
    readonly List<StepTime> _fitted = [], _heldOut = [];
    readonly List<double> _errors = [];

    /// <param name="planner">What is to be planned.</param>
    /// <param name="timer">The machine.</param>
    /// <param name="seconds">About how long the survey may take.</param>
    public ThroughputSurvey(BudgetPlanner planner, IStepTimer timer, double seconds)
    {
        (_planner, _timer) = (planner, timer);
        long began = Stopwatch.GetTimestamp();
        var question = planner.Question;
        int smallest = question.Corpus.BytesPerToken.Keys.Min();
        var first = planner.Shape(question.Model ?? CandidateShapes.Llama(smallest, 128, 3, question.Length));
        _fitted.Add(new(first, timer.Seconds(first)));
        var guess = planner.Candidates(StepCost.Fit(_fitted))[0].Shape;
        foreach (var shape in question.Model is null ? Spread(planner, guess) : [])
            if (Stopwatch.GetElapsedTime(began).TotalSeconds < ShareOfFit * seconds && _fitted.TrueForAll(time => time.Shape != shape))
                _fitted.Add(new(shape, timer.Seconds(shape)));
        Cost = StepCost.Fit(_fitted);
        for (int round = 0; round < Rounds && Best() is { IsMeasured: false } best; round++)
            Measure(best.Shape);
        Pick = BestMeasured() ?? Best();
    }

    /// <summary>What the first fit was made from.</summary>
    public IReadOnlyList<StepTime> Fitted => _fitted;

    /// <summary>The best candidates, measured afterwards.</summary>
    public IReadOnlyList<StepTime> HeldOut => _heldOut;

    /// <summary>What the fit had said of each of these before it was measured, over the measurement, less one.</summary>
    public IReadOnlyList<double> Errors => _errors;

    /// <summary>Fitted to all that was measured.</summary>
    public StepCost Cost { get; private set; }

    /// <summary>The best of all candidates, and measured.</summary>
    public Candidate Pick { get; }

    void Measure(StepShape shape)
    {
        StepTime time = new(shape, _timer.Seconds(shape));
        _errors.Add(Cost.Seconds(shape) / time.Seconds - 1);
        _heldOut.Add(time);
        Cost = StepCost.Fit([.. _fitted, .. _heldOut]);
    }

    /// <summary>The best of all, measured or not; what was measured is no longer guessed at.</summary>
    Candidate Best()
    {
        var known = BestMeasured();
        var other = _planner.Candidates(Cost).FirstOrDefault(candidate => Measured.All(time => time.Shape != candidate.Shape));
        return known is null || other?.BitsPerByte < known.BitsPerByte
            ? other ?? throw _planner.TooLittleTime(Cost)
            : known;
    }

    Candidate? BestMeasured() => Measured.Where(time => _planner.Has(time.Shape, time.Seconds))
        .Select(time => _planner.Candidate(time.Shape, time.Seconds, isMeasured: true)).MinBy(candidate => candidate.BitsPerByte);

    IEnumerable<StepTime> Measured => _fitted.Concat(_heldOut);

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
}
