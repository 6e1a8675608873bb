using Cria.Data.Stories;
using Cria.Data.Stories.Templates;

namespace Cria.Data.Tests.Stories;

/// <summary>Enumerates the derivations of a template by replaying it with every sequence of choices.</summary>
static class Derivations
{
    /// <summary>How many derivations write this text, and the price of the last one found.</summary>
    public static (int Count, double Bits) Of(string text, Node node, Composer composer)
    {
        (int count, double found) = (0, 0);
        foreach (double bits in Search(text, node, composer))
            (count, found) = (count + 1, bits);
        return (count, found);
    }

    /// <summary>The prices of all derivations of a small grammar.</summary>
    public static IEnumerable<double> All(Node node, Composer composer) => Search(null, node, composer);

    static IEnumerable<double> Search(string? text, Node node, Composer composer)
    {
        Stack<int[]> open = new([[]]);
        while (open.TryPop(out int[]? script))
        {
            var choices = new Scripted(script, composer, text);
            string? written = null;
            try
            {
                written = composer.Compose(node, choices);
            }
            catch (OutOfScriptException)
            {
                foreach (int next in choices.Alternatives)
                    open.Push([.. script, next]);
            }
            if (written is not null && (text is null || written == text))
                yield return choices.Bits;
        }
    }

    /// <summary>Follows a script; at its end it notes the alternatives, unless the text has gone astray.</summary>
    sealed class Scripted(int[] script, Composer composer, string? text) : IChoices
    {
        int _at;

        public double Bits { get; private set; }

        public List<int> Alternatives { get; } = [];

        public int Pick(ReadOnlySpan<int> weights)
        {
            long total = 0;
            foreach (int weight in weights)
                total += weight;
            if (_at < script.Length)
            {
                Bits += Math.Log2((double)total / weights[script[_at]]);
                return script[_at++];
            }
            if (text is null || text.StartsWith(composer.Text, StringComparison.Ordinal))
                for (int i = 0; i < weights.Length; i++)
                    if (weights[i] > 0)
                        Alternatives.Add(i);
            throw new OutOfScriptException();
        }
    }

    sealed class OutOfScriptException : Exception;
}
