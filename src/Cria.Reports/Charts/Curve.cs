namespace Cria.Reports.Charts;

/// <summary>What becomes of a curve's points before they are drawn.</summary>
static class Curve
{
    const int MostPoints = 800;

    /// <summary>
    /// A Gaussian mean over neighbouring points, <paramref name="share"/> of the curve wide. Near the ends the window
    /// shrinks but stays symmetric: a falling loss would otherwise be pulled down at its start and up at its end.
    /// </summary>
    public static DataPoint[] Smooth(IReadOnlyList<DataPoint> points, double share)
    {
        double sigma = Math.Max(0.5, Math.Clamp(share, 0, 1) * points.Count / 2);
        int widest = (int)Math.Ceiling(2.5 * sigma);
        var smooth = new DataPoint[points.Count];
        for (int i = 0; i < smooth.Length; i++)
        {
            int half = Math.Min(widest, Math.Min(i, smooth.Length - 1 - i));
            double sum = 0, weights = 0;
            for (int j = i - half; j <= i + half; j++)
            {
                if (!double.IsFinite(points[j].Y))
                    continue;
                double distance = (j - i) / sigma, weight = Math.Exp(-0.5 * distance * distance);
                sum += weight * points[j].Y;
                weights += weight;
            }

            smooth[i] = new DataPoint(points[i].X, sum / weights);
        }

        return smooth;
    }

    /// <summary>At most a few hundred points that keep every peak: of each stretch the lowest and the highest.</summary>
    public static IReadOnlyList<DataPoint> Thin(IReadOnlyList<DataPoint> points)
    {
        if (points.Count <= MostPoints)
            return points;

        var thin = new List<DataPoint>(MostPoints + 2) { points[0] };
        const int Stretches = MostPoints / 2;
        for (int s = 0; s < Stretches; s++)
        {
            int from = (int)((long)points.Count * s / Stretches), to = (int)((long)points.Count * (s + 1) / Stretches);
            int lowest = from, highest = from;
            for (int i = from; i < to; i++)
            {
                if (points[i].Y < points[lowest].Y || !double.IsFinite(points[lowest].Y))
                    lowest = i;
                if (points[i].Y > points[highest].Y || !double.IsFinite(points[highest].Y))
                    highest = i;
            }

            thin.Add(points[Math.Min(lowest, highest)]);
            if (lowest != highest)
                thin.Add(points[Math.Max(lowest, highest)]);
        }

        thin.Add(points[^1]);
        return thin;
    }
}
