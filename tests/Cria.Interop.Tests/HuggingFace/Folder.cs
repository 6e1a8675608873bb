using System.Buffers.Binary;
using System.Text;

namespace Cria.Interop.Tests.HuggingFace;

/// <summary>A folder that goes with the test, and safetensors files written by hand.</summary>
sealed class Folder : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("cria-interop-").FullName;

    public string this[string name] => Path.Combine(Root, name);

    public string Write(string name, string text)
    {
        File.WriteAllText(this[name], text);
        return this[name];
    }

    /// <param name="name">The file.</param>
    /// <param name="header">Its JSON, or what stands there instead.</param>
    /// <param name="data">What follows.</param>
    /// <param name="headerLength">What the first 8 bytes say; the truth if not given.</param>
    public string Safetensors(string name, string header, ReadOnlySpan<byte> data, ulong? headerLength = null)
    {
        byte[] json = Encoding.UTF8.GetBytes(header), prefix = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(prefix, headerLength ?? (ulong)json.Length);
        File.WriteAllBytes(this[name], [.. prefix, .. json, .. data]);
        return this[name];
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
