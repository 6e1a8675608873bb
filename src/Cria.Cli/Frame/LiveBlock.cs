using System.Text;

namespace Cria.Cli.Frame;

/// <summary>How a piece of a line looks where colours are wanted.</summary>
enum Tone
{
    Plain,
    Strong,
    Quiet,
    Alarm,
}

/// <summary>A piece of a line.</summary>
readonly record struct Piece(string Text, Tone Tone = Tone.Plain);

/// <summary>
/// Some lines at the foot of a terminal that are drawn over themselves; what is logged meanwhile appears above them. Each
/// drawing is one write between the marks of a synchronized update, so that nothing flickers; lines are cut to the width,
/// and after a change of the width the rows that the terminal has wrapped the old ones into are counted anew.
/// </summary>
/// <param name="writer">The terminal.</param>
/// <param name="size">Its columns and rows at this moment.</param>
/// <param name="hasColour">False writes no colours; see https://no-color.org.</param>
sealed class LiveBlock(TextWriter writer, Func<(int Columns, int Rows)> size, bool hasColour) : IDisposable
{
    const string Begin = "\e[?2026h", End = "\e[?2026l", ClearLine = "\e[K", ClearBelow = "\e[J", Reset = "\e[0m";
    const int FewestColumns = 8;

    /// <summary>Columns that stay free at the end of a line: a terminal shows Ctrl-C there as ^C, which must not begin a new row.</summary>
    public const int Margin = 3;

    readonly Lock _lock = new();
    IReadOnlyList<IReadOnlyList<Piece>> _lines = [];
    int[] _drawn = []; // the lengths of the lines that stand there
    bool _isClosed;

    /// <summary>The block on standard error.</summary>
    public static LiveBlock OnTerminal() => new(Console.Error, Size, string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")));

    /// <summary>Columns and rows of the terminal, 80 by 24 where it does not say.</summary>
    public static (int Columns, int Rows) Size()
    {
        try
        {
            return (Console.WindowWidth > 0 ? Console.WindowWidth : 80, Console.WindowHeight > 0 ? Console.WindowHeight : 24);
        }
        catch (Exception e) when (e is IOException or PlatformNotSupportedException)
        {
            return (80, 24);
        }
    }

    /// <summary>Puts these lines in the place of those that stand there.</summary>
    public void Draw(IReadOnlyList<IReadOnlyList<Piece>> lines)
    {
        lock (_lock)
        {
            if (_isClosed)
                return;
            _lines = lines;
            var text = new StringBuilder(Begin);
            Erase(text);
            Append(text);
            writer.Write(text.Append(End));
            writer.Flush();
        }
    }

    /// <summary>Writes a text above the lines, where it stays.</summary>
    public void Above(string line)
    {
        lock (_lock)
        {
            var text = new StringBuilder(Begin);
            Erase(text);
            text.Append(line).Append('\n');
            if (!_isClosed)
                Append(text);
            writer.Write(text.Append(End));
            writer.Flush();
        }
    }

    /// <summary>Leaves the lines as they stand.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_isClosed)
                return;
            _isClosed = true;
            if (_drawn.Length > 0)
                writer.Write('\n');
            writer.Flush();
            _drawn = [];
        }
    }

    // To the block's first row, and all below it is free. Terminals wrap what stands there when they become narrower.
    void Erase(StringBuilder text)
    {
        int columns = Math.Max(1, size().Columns), rows = 0;
        foreach (int length in _drawn)
            rows += Math.Max(1, (length + columns - 1) / columns);
        text.Append('\r');
        if (rows > 1)
            text.Append($"\e[{rows - 1}A");
        text.Append(ClearBelow);
        _drawn = [];
    }

    void Append(StringBuilder text)
    {
        var (columns, rows) = size();
        int width = Math.Max(FewestColumns, columns - Margin), count = Math.Min(_lines.Count, Math.Max(1, rows - 1));
        _drawn = new int[count];
        for (int i = 0; i < count; i++)
        {
            if (i > 0)
                text.Append('\n');
            foreach (var piece in _lines[i])
            {
                string shown = Cut(piece.Text, width - _drawn[i], out int length);
                _drawn[i] += length;
                text.Append(Colour(piece.Tone)).Append(shown).Append(hasColour && piece.Tone != Tone.Plain ? Reset : "");
            }
            text.Append(ClearLine);
        }
    }

    string Colour(Tone tone) => !hasColour ? "" : tone switch
    {
        Tone.Strong => "\e[1m",
        Tone.Quiet => "\e[2m",
        Tone.Alarm => "\e[33m",
        _ => "",
    };

    /// <summary>As much of a text as fits some columns; control characters become spaces.</summary>
    /// <param name="length">The columns that it takes.</param>
    public static string Cut(string text, int columns, out int length)
    {
        var shown = new StringBuilder(text.Length);
        length = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            int width = Width(rune);
            if (length + width > columns)
                break;
            shown.Append(Rune.IsControl(rune) ? ' ' : rune.ToString());
            length += width;
        }
        return shown.ToString();
    }

    // East Asian wide characters and pictures take two columns, combining marks none.
    static int Width(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        System.Globalization.UnicodeCategory.NonSpacingMark or System.Globalization.UnicodeCategory.EnclosingMark => 0,
        _ => rune.Value is >= 0x1100 and <= 0x115F or >= 0x2E80 and <= 0xA4CF or >= 0xAC00 and <= 0xD7A3 or >= 0xF900 and <= 0xFAFF
            or >= 0xFE30 and <= 0xFE4F or >= 0xFF00 and <= 0xFF60 or >= 0x1F300 and <= 0x1FAFF or >= 0x20000 ? 2 : 1,
    };
}
