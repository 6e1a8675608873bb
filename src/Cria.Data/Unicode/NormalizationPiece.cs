using System.Text;

namespace Cria.Data.Unicode;

/// <summary>Decomposes, orders and (for the composed forms) composes one piece of text whose borders no composition crosses.</summary>
sealed class NormalizationPiece(NormalizationTables tables, bool compatible)
{
    // Hangul syllables are computed (Unicode Standard, section 3.12).
    const int SyllableBase = 0xAC00, LeadBase = 0x1100, VowelBase = 0x1161, TrailBase = 0x11A7;
    const int LeadCount = 19, VowelCount = 21, TrailCount = 28, SyllableCount = LeadCount * VowelCount * TrailCount;

    readonly List<int> _points = [];
    readonly List<ulong> _marks = [];

    public void Rewrite(ReadOnlySpan<char> text, StringBuilder output, bool composes = true)
    {
        _points.Clear();
        Decompose(text);
        Order();
        if (composes)
            Compose();
        foreach (int point in _points)
        {
            if (point >= 0x10000)
                output.Append((char)((point >> 10) + 0xD7C0)).Append((char)((point & 0x3FF) | 0xDC00));
            else
                output.Append((char)point);
        }
    }

    void Decompose(ReadOnlySpan<char> text)
    {
        for (int i = 0; i < text.Length;)
        {
            int point = UnicodeNormalization.ReadCodePoint(text, i, out int length);
            i += length;
            ReadOnlySpan<int> parts = tables.Decomposition(tables[point], compatible);
            int syllable = point - SyllableBase;
            if ((uint)syllable < SyllableCount)
                DecomposeSyllable(syllable);
            else if (parts.IsEmpty)
                _points.Add(point);
            else
                _points.AddRange(parts);
        }
    }

    void DecomposeSyllable(int syllable)
    {
        _points.Add(LeadBase + syllable / (VowelCount * TrailCount));
        _points.Add(VowelBase + syllable / TrailCount % VowelCount);
        if (syllable % TrailCount != 0)
            _points.Add(TrailBase + syllable % TrailCount);
    }

    /// <summary>Sorts every run of marks by combining class, equal classes staying in order.</summary>
    void Order()
    {
        for (int i = 0; i < _points.Count; i++)
        {
            int first = i;
            _marks.Clear();
            for (byte c; i < _points.Count && (c = tables[_points[i]].CombiningClass) != 0; i++)
                _marks.Add(((ulong)c << 56) | ((ulong)(uint)(i - first) << 24) | (uint)_points[i]);
            if (_marks.Count < 2)
                continue;
            _marks.Sort(); // the place is part of the key, so the order is stable, and never quadratic
            for (int j = 0; j < _marks.Count; j++)
                _points[first + j] = (int)(_marks[j] & 0xFF_FFFF);
        }
    }

    /// <summary>Joins each code point with the last starter unless one of equal or higher class stands
    /// between.</summary>
    void Compose()
    {
        int starter = -1, kept = 0, lastClass = 0;
        foreach (int point in _points.ToArray())
        {
            int combiningClass = tables[point].CombiningClass;
            bool blocked = starter != kept - 1 && (lastClass == 0 || lastClass >= combiningClass);
            int composite = starter < 0 || blocked ? -1 : Join(_points[starter], point);
            if (composite >= 0)
            {
                _points[starter] = composite;
                continue;
            }

            if (combiningClass == 0)
                starter = kept;
            lastClass = combiningClass;
            _points[kept++] = point;
        }

        _points.RemoveRange(kept, _points.Count - kept);
    }

    int Join(int first, int second)
    {
        (int lead, int vowel) = (first - LeadBase, second - VowelBase);
        if ((uint)lead < LeadCount && (uint)vowel < VowelCount)
            return SyllableBase + (lead * VowelCount + vowel) * TrailCount;

        (int syllable, int trail) = (first - SyllableBase, second - TrailBase);
        if ((uint)syllable < SyllableCount && syllable % TrailCount == 0 && trail is > 0 and < TrailCount)
            return first + trail;

        return tables.Composite(first, second);
    }
}
