using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Cria.Data.Cleaning;

namespace Cria.Data.Tests.Cleaning;

public sealed class JsonLineTests
{
    static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Theory]
    [InlineData(1), InlineData(2), InlineData(3), InlineData(5)]
    public void Pieces_change_nothing_wherever_they_end(int shift)
    {
        string text = new string('x', shift) + string.Concat(Enumerable.Repeat("\u00e4\"\n\u20ac\U0001F600", 200_000));
        var buffer = new ArrayBufferWriter<byte>();
        int spills = 0;
        JsonLine.Write(buffer, () => spills++, Encoding.UTF8.GetBytes(text), "a group", "an origin");
        Assert.Equal(2, spills);
        string whole = JsonSerializer.Serialize(new { origin = "an origin", text, group = "a group" }, Relaxed) + "\n";
        Assert.True(Encoding.UTF8.GetBytes(whole).AsSpan().SequenceEqual(buffer.WrittenSpan), "the line differs from one written at once");
    }

    /// <summary>A JSON writer takes 166,666,666 bytes at once.</summary>
    [Fact]
    public void A_text_longer_than_a_JSON_writer_takes_is_written_in_little_memory()
    {
        byte[] text = new byte[170_000_000];
        Array.Fill(text, (byte)'y');
        var buffer = new ArrayBufferWriter<byte>();
        long written = 0;
        JsonLine.Write(buffer, Spill, text, null);
        Spill();
        Assert.Equal("{\"text\":\"\"}\n".Length + text.Length, written);
        Assert.True(buffer.Capacity < 32 << 20, $"{buffer.Capacity} bytes");

        void Spill()
        {
            written += buffer.WrittenCount;
            buffer.ResetWrittenCount();
        }
    }
}
