using System.Buffers;
using System.Text;

namespace Cria.Data.Fetching;

/// <summary>Names that a server or an address gave, before they become paths: they stay inside the folder, on every system.</summary>
static class SafeName
{
    const int MostBytes = 200; // of one part; ours end in .part.json.tmp, and 255 is what file systems take
    const int MostParts = 16;

    static readonly SearchValues<char> Forbidden = SearchValues.Create("\\:*?\"<>|");

    static readonly string[] Devices = // names that Windows keeps for itself, with any ending
        ["CON", "PRN", "AUX", "NUL", .. Enumerable.Range(1, 9).SelectMany(i => new[] { $"COM{i}", $"LPT{i}" })];

    static readonly string[] Ours = [SourceRecord.FileName, FetchLock.FileName];

    /// <summary>The name itself.</summary>
    /// <exception cref="DataException">It would leave the folder, or no file can have it.</exception>
    public static string Checked(string name, string source)
    {
        string[] parts = name.Split('/');
        string? fault = parts.Length > MostParts ? $"has more than {MostParts} folders" : parts.Select(Fault).FirstOrDefault(f => f is not null);
        if (fault is null && parts is [string only] && Ours.Contains(only, StringComparer.OrdinalIgnoreCase))
            fault = "is a name that the fetch itself writes";
        return fault is null ? name : throw new DataException(
            $"{source} names a file \"{name}\", which {fault}; such names are not written: fetch that file by hand.");
    }

    static string? Fault(string part) => part switch
    {
        "" => "has an empty part",
        "." or ".." => "leaves its folder",
        _ when part.AsSpan().ContainsAny(Forbidden) || part.Any(char.IsControl) => "has a character that not every system takes",
        _ when part[0] == ' ' || part[^1] is ' ' or '.' => "has a space or dot at an end",
        _ when part.EndsWith(".part", StringComparison.OrdinalIgnoreCase)
            || part.EndsWith(PartState.Ending, StringComparison.OrdinalIgnoreCase) => "ends like a part of a file",
        _ when Encoding.UTF8.GetByteCount(part) > MostBytes => $"has more than {MostBytes} bytes",
        _ when Devices.Contains(part.Split('.')[0], StringComparer.OrdinalIgnoreCase) => "is a device on Windows",
        _ => null,
    };
}
