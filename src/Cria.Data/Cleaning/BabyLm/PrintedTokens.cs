using System.Buffers;
using System.Text;

namespace Cria.Data.Cleaning.BabyLm;

/// <summary>Tokens of the Penn Treebank with spaces between, written as in print: <c>`` I do n't , ''</c> becomes "I don't ,".</summary>
static class PrintedTokens
{
    static readonly (string Token, string Text)[] Openings = [("``", "\""), ("`", "'"), ("-LRB-", "("), ("-LSB-", "["), ("-LCB-", "{")];

    static readonly (string Token, string Text)[] Closings = [("''", "\""), ("-RRB-", ")"), ("-RSB-", "]"), ("-RCB-", "}")];

    static readonly (string Token, string Text)[] Printed = [.. Openings, .. Closings];

    static readonly string[] Clitics = ["'s", "'m", "'re", "'ve", "'d", "'ll", "n't"];

    static readonly SearchValues<char> Spaces = SearchValues.Create(" \t\u00A0");

    public static string Of(string text)
    {
        var output = new StringBuilder(text.Length);
        for (int start = 0; start < text.Length;)
        {
            int end = text.IndexOf('\n', start);
            int next = end < 0 ? text.Length : end + 1;
            AppendLine(output, text.AsSpan(start, (end < 0 ? text.Length : end) - start));
            output.Append(text, end < 0 ? next : end, next - (end < 0 ? next : end));
            start = next;
        }

        return output.ToString();
    }

    static void AppendLine(StringBuilder output, ReadOnlySpan<char> line)
    {
        int begin = output.Length;
        bool isGlued = line.IsEmpty || !Spaces.Contains(line[0]), isQuoted = false;
        while (!(line = line.TrimStart(" \t\u00A0")).IsEmpty)
        {
            int length = line.IndexOfAny(Spaces);
            ReadOnlySpan<char> token = length < 0 ? line : line[..length];
            line = line[token.Length..];
            string before = Last(output, begin);
            bool isClosing = token is "'" && before.Length > 0 && (isQuoted || before is "s" or "S" || IsBeforeClosing(line));
            if (!isGlued && !isClosing && !IsClitic(token, before) && Find(Closings, token) < 0)
                output.Append(' ');
            if (isClosing && before is not ("s" or "S")) // the boys ' books: this one may be no quotation mark
                isQuoted = false;
            isQuoted |= token.StartsWith("`") && !token.StartsWith("``");
            int opening = Find(Openings, token);
            isGlued = opening >= 0 && token.Length == Openings[opening].Token.Length;
            AppendToken(output, token);
        }
    }

    static void AppendToken(StringBuilder output, ReadOnlySpan<char> token)
    {
        foreach ((string start, string text) in Printed)
        {
            if (!token.StartsWith(start))
                continue;
            output.Append(text).Append(token[start.Length..]);
            return;
        }

        output.Append(token);
    }

    static int Find((string Token, string Text)[] tokens, ReadOnlySpan<char> token)
    {
        for (int i = 0; i < tokens.Length; i++)
        {
            if (token.StartsWith(tokens[i].Token))
                return i;
        }

        return -1;
    }

    // The line's last character so far, as text; nothing at its beginning.
    static string Last(StringBuilder output, int begin)
    {
        int length = output.Length - begin;
        length = length > 1 && char.IsLowSurrogate(output[^1]) ? 2 : Math.Min(length, 1);
        return output.ToString(output.Length - length, length);
    }

    // A quotation ends with the one around it, or with the line.
    static bool IsBeforeClosing(ReadOnlySpan<char> rest) => (rest = rest.TrimStart(" \t\u00A0")).IsEmpty || rest.StartsWith("''");

    /// <summary>Whether a token is the end of the word before it: 's and n't are, 'em, '90s and 'Tis are words.</summary>
    static bool IsClitic(ReadOnlySpan<char> token, string before)
    {
        if (Rune.DecodeFromUtf16(before, out Rune last, out _) != OperationStatus.Done || !PythonText.IsWord(last))
            return false;
        foreach (string clitic in Clitics)
        {
            int length = clitic.Length;
            if (token.Length < length || !IsSame(token[..length], clitic))
                continue;
            return token.Length == length
                || (Rune.DecodeFromUtf16(token[length..], out Rune next, out _) == OperationStatus.Done && !PythonText.IsWord(next));
        }

        return false;
    }

    static bool IsSame(ReadOnlySpan<char> token, string clitic)
    {
        for (int i = 0; i < clitic.Length; i++)
        {
            char c = token[i] == '’' ? '\'' : char.ToLowerInvariant(token[i]);
            if (c != clitic[i])
                return false;
        }

        return true;
    }
}
