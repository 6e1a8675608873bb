using System.Globalization;
using System.Text;
using Cria.Interop.Tiktoken;

namespace Cria.Fuzz.Formats;

/// <summary>A rank file as long as GPT-2's: the bytes, then pairs of them.</summary>
sealed class Tiktoken : IFormat
{
    const int Tokens = 50_256;

    public string Name => "tiktoken";

    // a line of some twenty characters becomes a token of its own and a place in three tables
    public int Expansion => 8;

    public string Make(string folder)
    {
        var text = new StringBuilder();
        for (int rank = 0; rank < Tokens; rank++)
        {
            byte[] token = rank < 256 ? [(byte)rank] : [(byte)((rank - 256) >> 8), (byte)(rank - 256)];
            text.Append(CultureInfo.InvariantCulture, $"{Convert.ToBase64String(token)} {rank}\n");
        }
        string path = Path.Combine(folder, "r50k_base.tiktoken");
        File.WriteAllText(path, text.ToString());
        return path;
    }

    public byte[] Lie(Random random, byte[] good)
    {
        string[] lines = Encoding.ASCII.GetString(good).Split('\n');
        int line = random.Next(lines.Length - 1);
        string[] fields = lines[line].Split(' ');
        ulong lie = Lies.Number(random, ulong.Parse(fields[1], CultureInfo.InvariantCulture), Tokens);
        lines[line] = random.Next(6) switch
        {
            0 => $"{fields[0]} -1",
            1 => $"{fields[0]}",
            2 => $"{lines[random.Next(lines.Length)]} {fields[1]}",
            3 => $"{Convert.ToBase64String(new byte[random.Next(5000)])} {fields[1]}",
            4 => lines[random.Next(lines.Length)],
            _ => $"{fields[0]} {lie}",
        };
        return Encoding.ASCII.GetBytes(string.Join('\n', lines));
    }

    public void Read(string path, MeteredDevice device) => TinyModel.Use(TiktokenFile.Read(path));
}
