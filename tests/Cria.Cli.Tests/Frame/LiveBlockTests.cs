using System.Text;
using Cria.Cli.Frame;

namespace Cria.Cli.Tests.Frame;

/// <summary>What stands on the screen after the block's writing, as a small terminal of our own shows it.</summary>
public sealed class LiveBlockTests
{
    [Fact]
    public void Lines_are_drawn_over_themselves_and_what_is_logged_stays_above()
    {
        Screen screen = new(40);
        using LiveBlock block = new(screen.Writer, () => (40, 24), hasColour: true);
        block.Draw([[new("step 1", Tone.Strong)], [new("loss 5"), new(" falling", Tone.Quiet)]]);
        block.Above("saved step-1");
        block.Draw([[new("step 2", Tone.Strong)], [new("loss 4")]]);
        Assert.Equal(["saved step-1", "step 2", "loss 4"], screen.Lines());
    }

    [Fact]
    public void A_shorter_block_leaves_nothing_of_a_longer_one()
    {
        Screen screen = new(40);
        using LiveBlock block = new(screen.Writer, () => (40, 24), hasColour: false);
        block.Draw([[new("a long first line")], [new("second")], [new("third")]]);
        block.Draw([[new("short")]]);
        Assert.Equal(["short"], screen.Lines());
    }

    [Theory, InlineData(12), InlineData(20), InlineData(39)]
    public void No_line_is_wider_than_the_terminal(int columns)
    {
        Screen screen = new(columns);
        using LiveBlock block = new(screen.Writer, () => (columns, 24), hasColour: false);
        for (int i = 0; i < 3; i++)
            block.Draw([[new(new string('x', 30)), new(new string('y', 30))], [new("喜欢羊驼喜欢羊驼喜欢羊驼")], [new("tab\tand\nbreak")]]);
        string[] lines = screen.Lines();
        Assert.Equal(3, lines.Length);
        Assert.Equal(columns - LiveBlock.Margin, lines[0].Length);
        Assert.StartsWith("tab and", lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public void After_a_resize_the_rows_that_old_lines_were_wrapped_into_are_taken_back()
    {
        int columns = 40;
        Screen screen = new(columns);
        using LiveBlock block = new(screen.Writer, () => (columns, 24), hasColour: false);
        block.Above("before");
        block.Draw([[new(new string('x', 37))], [new(new string('y', 25))]]);
        columns = 20;
        screen.Resize(20); // 2 + 2 rows now
        block.Draw([[new("new")], [new("lines")]]);
        Assert.Equal(["before", "new", "lines"], screen.Lines());
    }

    [Fact]
    public void The_terminals_own_echo_of_Ctrl_C_begins_no_row()
    {
        Screen screen = new(30);
        using LiveBlock block = new(screen.Writer, () => (30, 24), hasColour: false);
        block.Draw([[new(new string('x', 60))], [new(new string('y', 60))]]);
        screen.Writer.Write("^C");
        block.Draw([[new("one")], [new("two")]]);
        Assert.Equal(["one", "two"], screen.Lines());
    }

    [Fact]
    public void A_low_terminal_shows_the_first_lines()
    {
        Screen screen = new(40);
        using LiveBlock block = new(screen.Writer, () => (40, 3), hasColour: false);
        block.Draw([[new("one")], [new("two")], [new("three")], [new("four")]]);
        Assert.Equal(["one", "two"], screen.Lines());
    }

    [Fact]
    public void Without_colours_no_colour_is_written()
    {
        StringWriter plain = new(), coloured = new();
        using (LiveBlock block = new(plain, () => (40, 24), hasColour: false))
            block.Draw([[new("x", Tone.Alarm)]]);
        using (LiveBlock block = new(coloured, () => (40, 24), hasColour: true))
            block.Draw([[new("x", Tone.Alarm)]]);
        Assert.DoesNotContain("m", plain.ToString(), StringComparison.Ordinal);
        Assert.Contains("\e[33mx\e[0m", coloured.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_closed_block_leaves_its_lines_and_lets_others_write_below()
    {
        Screen screen = new(40);
        LiveBlock block = new(screen.Writer, () => (40, 24), hasColour: false);
        block.Draw([[new("the last")]]);
        block.Dispose();
        block.Draw([[new("too late")]]);
        screen.Writer.Write("result\n");
        Assert.Equal(["the last", "result"], screen.Lines());
    }

    /// <summary>Rows of characters, a cursor, and the few sequences that the block uses.</summary>
    sealed class Screen(int columns)
    {
        readonly List<StringBuilder> _rows = [new()];
        int _columns = columns, _row, _column;

        public TextWriter Writer => new Feed(this);

        public string[] Lines() => [.. _rows.Select(row => row.ToString().TrimEnd()).Reverse().SkipWhile(row => row.Length == 0).Reverse()];

        // Terminals wrap long rows anew, and the cursor stays with its text.
        public void Resize(int columns)
        {
            List<StringBuilder> rows = [];
            foreach (var row in _rows)
            {
                string text = row.ToString();
                for (int at = 0; at == 0 || at < text.Length; at += columns)
                    rows.Add(new(text.Substring(at, Math.Min(columns, text.Length - at))));
            }
            _rows.Clear();
            _rows.AddRange(rows);
            (_columns, _row, _column) = (columns, rows.Count - 1, rows[^1].Length);
        }

        void Write(string text)
        {
            for (int i = 0; i < text.Length; i++)
            {
                if (text[i] == '\e')
                    i = Sequence(text, i + 2);
                else if (text[i] == '\r')
                    _column = 0;
                else if (text[i] == '\n')
                    Down();
                else
                    Put(text[i]);
            }
        }

        int Sequence(string text, int at)
        {
            int end = at;
            while (!char.IsAsciiLetter(text[end]))
                end++;
            switch (text[end])
            {
                case 'A':
                    _row = Math.Max(0, _row - int.Parse(text[at..end], System.Globalization.CultureInfo.InvariantCulture));
                    break;
                case 'K':
                    _rows[_row].Length = Math.Min(_rows[_row].Length, _column);
                    break;
                case 'J':
                    _rows[_row].Length = Math.Min(_rows[_row].Length, _column);
                    _rows.RemoveRange(_row + 1, _rows.Count - _row - 1);
                    break;
            }
            return end;
        }

        void Down()
        {
            (_row, _column) = (_row + 1, 0);
            if (_row == _rows.Count)
                _rows.Add(new());
        }

        void Put(char c)
        {
            if (_column == _columns)
                Down();
            var row = _rows[_row];
            while (row.Length <= _column)
                row.Append(' ');
            row[_column++] = c;
        }

        sealed class Feed(Screen screen) : StringWriter
        {
            public override void Write(string? value) => screen.Write(value ?? "");

            public override void Write(char value) => screen.Write(value.ToString());

            public override void Write(StringBuilder? value) => screen.Write(value?.ToString() ?? "");
        }
    }
}
