namespace Cria.Evaluation.Tests.NGram;

/// <summary>Small random corpora, the same every time: skewed token ids in documents of uneven length.</summary>
static class Corpus
{
    public const int EndOfText = 0;

    public static List<int[]> Random(int documents, int longest, int usedIds, uint seed)
    {
        var list = new List<int[]>();
        for (int d = 0; d < documents; d++)
        {
            int length = (int)(Next(ref seed) * (longest + 1));
            int[] tokens = new int[length + 2];
            for (int i = 1; i <= length; i++)
            {
                double u = Next(ref seed);
                tokens[i] = 1 + (int)(u * u * u * (usedIds - 1));
            }

            list.Add(tokens);
        }

        return list;
    }

    static double Next(ref uint state)
    {
        state = (state * 1664525) + 1013904223;
        return (state >> 8) / (double)(1 << 24);
    }
}
