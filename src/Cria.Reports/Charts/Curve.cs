namespace Cria.Reports.Charts;

/// <summary>What becomes of a curve's points before they are drawn.</summary>
static class Curve
{
    const int MostPoints = 800;
    const int MostSmoothed = 4000;

    /// <summary>
    /// A Gaussian window, <paramref name="share"/> of the curve wide, through whose points a straight line is fitted. A
    /// mean would pull a falling loss down at its start and up at its end, where the window has one side only. A very
    /// long curve is averaged over short stretches first.
    /// </summary>
    public static DataPoint[] Smooth(IReadOnlyList<DataPoint> points, double share)
    {
        points = Averaged(points);
        double sigma = Math.Max(0.5, Math.Clamp(share, 0, 1) * points.Count / 2);
        int half = (int)Math.Ceiling(2.5 * sigma);
        var smooth = new DataPoint[points.Count];
        for (int i = 0; i < smooth.Length; i++)
            smooth[i] = new DataPoint(points[i].X, FitAt(points, i, half, sigma));
        return smooth;
    }

    static IReadOnlyList<DataPoint> Averaged(IReadOnlyList<DataPoint> points)
    {
        if (points.Count <= MostSmoothed)
            return points;

        var averaged = new DataPoint[MostSmoothed];
        for (int s = 0; s < MostSmoothed; s++)
        {
            int from = (int)((long)points.Count * s / MostSmoothed);
            int to = (int)((long)points.Count * (s + 1) / MostSmoothed);
            double x = 0, y = 0;
            int finite = 0;
            for (int i = from; i < to; i++)
            {
                if (!double.IsFinite(points[i].X) || !double.IsFinite(points[i].Y))
                    continue;
                x += points[i].X;
                y += points[i].Y;
                finite++;
            }

            averaged[s] = new DataPoint(x / finite, y / finite); // a stretch without numbers stays a gap
        }

        return averaged;
    }

    // The weighted least-squares line over the distance to i, read off at i.
    static double FitAt(IReadOnlyList<DataPoint> points, int i, int half, double sigma)
    {
        double weights = 0, moment = 0, spread = 0, sum = 0, product = 0;
        for (int j = Math.Max(0, i - half); j <= Math.Min(points.Count - 1, i + half); j++)
        {
            (double distance, double y) = (points[j].X - points[i].X, points[j].Y);
            if (!double.IsFinite(distance) || !double.IsFinite(y))
                continue;

            double steps = (j - i) / sigma, weight = Math.Exp(-0.5 * steps * steps);
            weights += weight;
            moment += weight * distance;
            spread += weight * distance * distance;
            sum += weight * y;
            product += weight * distance * y;
        }

        double determinant = (weights * spread) - (moment * moment);
        return determinant > 1e-9 * weights * spread
            ? ((spread * sum) - (moment * product)) / determinant
            : sum / weights; // all at one place; without any point, no number and no curve
    }

    /// <summary>At most a few hundred points that keep every peak: of each stretch the lowest and the
    /// highest.</summary>
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
