namespace Cria.Data.Fetching;

/// <summary>
/// The header <c>Link: &lt;ADDRESS&gt;; rel="next"</c> (RFC 8288): several links divided by commas, which addresses and quoted values may
/// hold too; relations with or without quotes, several divided by spaces.
/// </summary>
static class LinkHeader
{
    /// <summary>The address of the next page, as it stands there; null where there is none.</summary>
    /// <returns>False where the header cannot be read and speaks of a next page.</returns>
    public static bool TryFindNext(IEnumerable<string> values, out string? next)
    {
        next = null;
        bool isSound = true;
        foreach (string value in values)
        {
            int at = 0;
            while (SkipBlank(value, ref at, ',') && next is null)
            {
                int from = at;
                if (!TryRead(value, ref at, out string address, out bool isNext))
                {
                    isSound &= !value.AsSpan(from).Contains("next", StringComparison.OrdinalIgnoreCase);
                    break;
                }

                if (isNext)
                    next = address;
            }
        }

        return isSound || next is not null;
    }

    /// <summary>One link; what is read ends at the comma behind it.</summary>
    static bool TryRead(string value, ref int at, out string address, out bool isNext)
    {
        (address, isNext) = ("", false);
        int end = value[at] == '<' ? value.IndexOf('>', at) : -1;
        if (end < 0)
            return false;
        address = value[(at + 1)..end].Trim();
        at = end + 1;
        bool hasRelation = false;
        while (SkipBlank(value, ref at, ';') && value[at] != ',')
        {
            if (value[at - 1] == '>')
                return false; // no semicolon between the address and what follows
            int name = at;
            at = EndOf(value, at, "=;,");
            string parameter = value[name..at].Trim();
            if (!TryReadValue(value, ref at, out string text))
                return false;
            if (hasRelation || !parameter.Equals("rel", StringComparison.OrdinalIgnoreCase))
                continue; // only the first counts
            hasRelation = true;
            isNext = text.Split(' ').Contains("next", StringComparer.OrdinalIgnoreCase);
        }

        return true;
    }

    static bool TryReadValue(string value, ref int at, out string text)
    {
        text = "";
        if (at == value.Length || value[at] != '=')
            return true;
        at++;
        if (!SkipBlank(value, ref at) || value[at] != '"')
        {
            int from = at;
            at = EndOf(value, at, ";,");
            text = value[from..at].Trim();
            return true;
        }

        int end = at + 1;
        while (end < value.Length && value[end] != '"')
            end += value[end] == '\\' ? 2 : 1;
        if (end >= value.Length)
            return false;
        text = value[(at + 1)..end].Replace("\\", "", StringComparison.Ordinal);
        at = end + 1;
        return true;
    }

    /// <summary>Past spaces and one kind of mark.</summary>
    /// <returns>Whether something follows.</returns>
    static bool SkipBlank(string value, ref int at, char mark = ' ')
    {
        while (at < value.Length && (value[at] is ' ' or '\t' || value[at] == mark))
            at++;
        return at < value.Length;
    }

    static int EndOf(string value, int at, string marks)
    {
        int length = value.AsSpan(at).IndexOfAny(marks);
        return length < 0 ? value.Length : at + length;
    }
}
