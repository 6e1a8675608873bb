using Cria.Reports;
using Cria.Training;
using Cria.Training.Budgets;

namespace Cria.Cli.Budgets;

/// <summary>T of a planned run: a sequence needs so many tokens of text and one more, so a very short text has only short ones.</summary>
static class PlannedLength
{
    /// <summary>The least of a short text that is not held out.</summary>
    const double ShareToTrainOn = 0.75;

    const int Shortest = 8;

    /// <exception cref="TrainingException">There is too little text to learn from.</exception>
    public static int For(CorpusSize corpus)
    {
        double tokens = ShareToTrainOn * corpus.Bytes / corpus.BytesPerToken.Values.Max();
        int length = PlanQuestion.UsualLength;
        while (length >= tokens)
            length /= 2;
        return length >= Shortest ? length : throw new TrainingException(
            $"{Human.Bytes(Math.Ceiling(corpus.Bytes))} of text are too little to learn anything from; give it a few sentences at least.");
    }
}
