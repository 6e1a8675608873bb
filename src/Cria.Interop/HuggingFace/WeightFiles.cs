using System.Text.Json;
using Cria.Engine.Tensors;
using Cria.Interop.Pickles;

namespace Cria.Interop.HuggingFace;

/// <summary>The safetensors files of a checkpoint, one or several with an index, as one table of tensors.</summary>
sealed class WeightFiles : IDisposable
{
    public const string FileName = "model.safetensors", IndexSuffix = ".index.json", IndexEnding = ".safetensors" + IndexSuffix;

    const long LargestIndex = 64L << 20;

    readonly List<SafetensorsReader> _files = [];
    readonly Dictionary<string, (SafetensorsReader File, SafetensorsEntry Entry)> _tensors = new(StringComparer.Ordinal);

    WeightFiles(string path, IEnumerable<string> files)
    {
        Path = path;
        try
        {
            foreach (string file in files)
                Add(new(file));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>What messages name: the file, or the index of several.</summary>
    public string Path { get; }

    public IReadOnlyDictionary<string, (SafetensorsReader File, SafetensorsEntry Entry)> Tensors => _tensors;

    /// <summary>Opens the weights of a folder.</summary>
    /// <exception cref="CheckpointException">There are none, or none that can be read.</exception>
    public static WeightFiles In(string folder)
    {
        string whole = System.IO.Path.Combine(folder, FileName), index = whole + IndexSuffix;
        if (File.Exists(whole) || !Directory.Exists(folder))
            return Named(whole);
        if (File.Exists(index))
            return Named(index);
        string? pickle = Directory.EnumerateFiles(folder, "pytorch_model*.bin").Order(StringComparer.Ordinal).FirstOrDefault();
        throw pickle is null ? new($"{whole} does not exist.") : PickleFormat.Refusal(pickle);
    }

    /// <summary>Opens a safetensors file, or those that an index lists.</summary>
    public static WeightFiles Named(string path) =>
        new(path, path.EndsWith(IndexEnding, StringComparison.Ordinal) ? Listed(path) : [path]);

    public void Dispose() => _files.ForEach(file => file.Dispose());

    static List<string> Listed(string index)
    {
        string folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(index))!;
        try
        {
            if (new FileInfo(index).Length > LargestIndex)
                throw new CheckpointException($"{index} has more than {LargestIndex:N0} bytes; no index of weights is so large.");
            var map = StrictJson.Parse(File.ReadAllText(index))?["weight_map"]?.AsObject()
                ?? throw new CheckpointException($"{index} has no weight_map; fetch it again.");
            string[] names = [.. map.Select(pair => (string?)pair.Value ?? "").Distinct().Order(StringComparer.Ordinal)];
            foreach (string name in names)
                if (name.Length == 0 || name != System.IO.Path.GetFileName(name))
                    throw new CheckpointException($"{index} lists the file '{name}', which is not a name within its folder; fetch it again.");
            return [.. names.Select(name => System.IO.Path.Combine(folder, name))];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new CheckpointException($"{index} is not an index of weights: {e.Message}");
        }
    }

    void Add(SafetensorsReader file)
    {
        _files.Add(file);
        foreach (var (name, entry) in file.Entries)
            if (!_tensors.TryAdd(name, (file, entry)))
                throw new CheckpointException($"{name} is in {file.Path} and in {_tensors[name].File.Path}; one of the files does not belong there.");
    }
}
