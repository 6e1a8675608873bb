namespace Cria.Engine.Tests.Ops;

/// <summary>
/// Distillation as the papers write it, in plain loops of doubles that know nothing of the engine: Hinton et al. 2015 (the two parts, the
/// temperature and its square), Timiryasov and Tastet 2023 (several teachers). All logits are there at once, and every sum is taken as
/// it stands on paper.
/// </summary>
static class PaperDistillation
{
    /// <summary>Hidden states (rows, width), a head (vocabulary, width) and, in some, what is added to its logits.</summary>
    public sealed record Model(double[][] Hidden, double[][] Head, double[]? Bias);

    /// <summary>What is said of a batch: the teachers' shares in their mean, the next tokens (negative: the row does not count), the rows'
    /// weights, α, T, and what the divergence is multiplied by besides.</summary>
    public sealed record Lesson(
        Model[] Teachers, double[] Shares, bool IsMeanOfLogits, int[] Next, double[] Weights, double Alpha, double Temperature,
        double Factor);

    /// <summary>The loss and its parts, and the loss's gradients.</summary>
    public sealed record Outcome(
        double Loss, double CrossEntropy, double Divergence, double[][] DHidden, double[][] DHead, double[] DBias);

    public static Outcome Of(Model student, Lesson lesson)
    {
        int rows = student.Hidden.Length, words = student.Head.Length, width = student.Head[0].Length;
        double loss = 0, crossEntropy = 0, divergence = 0, t = lesson.Temperature;
        double[][] dHidden = Zeros(rows, width), dHead = Zeros(words, width);
        double[] dBias = new double[words];
        for (int r = 0; r < rows; r++)
        {
            if (lesson.Next[r] < 0)
                continue;
            double[] said = Logits(student, r), warm = LogSoftmax(said), cold = LogSoftmax(Divided(said, t)), taught = Taught(lesson, r);
            double surprise = -warm[lesson.Next[r]], far = 0;
            for (int v = 0; v < words; v++)
                far += taught[v] * (Math.Log(taught[v]) - cold[v]);
            double weight = lesson.Weights[r], whole = lesson.Alpha * surprise + lesson.Factor * far;
            (loss, crossEntropy, divergence) = (loss + weight * whole, crossEntropy + weight * surprise, divergence + weight * far);
            for (int v = 0; v < words; v++)
            {
                double next = Math.Exp(warm[v]) - (v == lesson.Next[r] ? 1 : 0);
                double teacher = (Math.Exp(cold[v]) - taught[v]) / t;
                double g = weight * (lesson.Alpha * next + lesson.Factor * teacher);
                dBias[v] += g;
                for (int h = 0; h < width; h++)
                {
                    dHidden[r][h] += g * student.Head[v][h];
                    dHead[v][h] += g * student.Hidden[r][h];
                }
            }
        }
        return new(loss, crossEntropy, divergence, dHidden, dHead, dBias);
    }

    // Of raw logits the mean is taken before the temperature and the softmax, of probabilities after both.
    static double[] Taught(Lesson lesson, int row)
    {
        double[] mean = new double[lesson.Teachers[0].Head.Length];
        for (int i = 0; i < lesson.Teachers.Length; i++)
        {
            double[] logits = Logits(lesson.Teachers[i], row);
            double[] said = lesson.IsMeanOfLogits ? logits : Softmax(Divided(logits, lesson.Temperature));
            for (int v = 0; v < mean.Length; v++)
                mean[v] += lesson.Shares[i] * said[v];
        }
        return lesson.IsMeanOfLogits ? Softmax(Divided(mean, lesson.Temperature)) : mean;
    }

    static double[] Logits(Model model, int row)
    {
        double[] logits = new double[model.Head.Length];
        for (int v = 0; v < logits.Length; v++)
        {
            logits[v] = model.Bias?[v] ?? 0;
            for (int h = 0; h < model.Head[v].Length; h++)
                logits[v] += model.Hidden[row][h] * model.Head[v][h];
        }
        return logits;
    }

    static double[] Divided(double[] x, double by) => [.. x.Select(each => each / by)];

    static double[] Softmax(double[] x) => [.. LogSoftmax(x).Select(Math.Exp)];

    static double[] LogSoftmax(double[] x)
    {
        double highest = x.Max(), log = highest + Math.Log(x.Sum(each => Math.Exp(each - highest)));
        return [.. x.Select(each => each - log)];
    }

    static double[][] Zeros(int rows, int columns) => [.. Enumerable.Range(0, rows).Select(_ => new double[columns])];
}
