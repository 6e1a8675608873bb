using Cria.Engine.Tensors;

namespace Cria.Cli.Benchmarks;

/// <summary>Texts on which tokenizers have been known to take the square of the length, or to find nothing in their caches.</summary>
static class TokenizerWorstCases
{
    static readonly Philox Random = new(1);

    public static IEnumerable<(string Name, byte[] Text)> Of(int bytes)
    {
        yield return ("one letter", Filled(bytes, _ => (byte)'a'));
        yield return ("spaces", Filled(bytes, _ => (byte)' '));
        yield return ("line ends", Filled(bytes, _ => (byte)'\n'));
        yield return ("dashes", Filled(bytes, _ => (byte)'-'));
        yield return ("random letters", Filled(bytes, i => Between('a', 'z', i)));
        yield return ("random bytes", Filled(bytes, i => Between((char)0, (char)255, i)));
        yield return ("new words", Filled(bytes, i => i % 12 == 0 ? (byte)' ' : Between('a', 'z', i)));
        yield return ("digits", Filled(bytes, i => Between('0', '9', i)));
    }

    static byte Between(char first, char last, int i) => (byte)(first + (Random.Words((ulong)i).A % (uint)(last - first + 1)));

    static byte[] Filled(int bytes, Func<int, byte> at)
    {
        byte[] text = new byte[bytes];
        for (int i = 0; i < bytes; i++)
            text[i] = at(i);
        return text;
    }
}
