namespace Cria.Cli.Benchmarks;

/// <summary>Texts on which tokenizers have been known to take the square of the length, or to find nothing in their caches.</summary>
static class TokenizerWorstCases
{
    public static IEnumerable<(string Name, byte[] Text)> Of(int bytes)
    {
        Random random = new(1);
        yield return ("one letter", Filled(bytes, _ => (byte)'a'));
        yield return ("spaces", Filled(bytes, _ => (byte)' '));
        yield return ("line ends", Filled(bytes, _ => (byte)'\n'));
        yield return ("dashes", Filled(bytes, _ => (byte)'-'));
        yield return ("random letters", Filled(bytes, _ => (byte)random.Next('a', 'z' + 1)));
        yield return ("random bytes", Filled(bytes, _ => (byte)random.Next(256)));
        yield return ("new words", Filled(bytes, i => i % 12 == 0 ? (byte)' ' : (byte)random.Next('a', 'z' + 1)));
        yield return ("digits", Filled(bytes, _ => (byte)random.Next('0', '9' + 1)));
    }

    static byte[] Filled(int bytes, Func<int, byte> at)
    {
        byte[] text = new byte[bytes];
        for (int i = 0; i < bytes; i++)
            text[i] = at(i);
        return text;
    }
}
