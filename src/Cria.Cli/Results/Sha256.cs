using System.Security.Cryptography;
using System.Text;

namespace Cria.Cli.Results;

/// <summary>What files and texts are known by: 64 lower-case hexadecimal digits.</summary>
static class Sha256
{
    /// <summary>Of a text as UTF-8.</summary>
    public static string Of(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    public static string OfFile(string path)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }
}
