using Cria.Engine.Tensors;

namespace Cria.Models.Tests.Twins;

/// <summary>Tensors under their published names, as a file has them.</summary>
sealed class Checkpoint(IReadOnlyDictionary<string, Matrix> tensors)
{
    public IReadOnlyDictionary<string, Matrix> Tensors => tensors;

    public Matrix this[string name] => tensors[name];

    public Matrix? Find(string name) => tensors.GetValueOrDefault(name);

    /// <summary>
    /// Numbers that float32 has too, for everything a model's files hold: gains around 1, all else around 0, and what
    /// makes queries and keys larger by the sharpness.
    /// </summary>
    public static Checkpoint Random(ModelConfig config, double deviation, double sharpness) => Filled(config, tensor =>
    {
        var random = Philox.For(8, tensor.Name);
        bool isGain = tensor.Shape.Rank == 1 && tensor.Name.EndsWith("weight", StringComparison.Ordinal);
        return i => (float)((isGain ? 1 : 0) + deviation * random.Normal((ulong)i))
            * (MakesScores(tensor.Name, i % tensor.Shape.Columns, tensor.Shape.Columns) ? sharpness : 1);
    });

    /// <summary>All that a model's files hold, every number from its place in the tensor.</summary>
    public static Checkpoint Filled(ModelConfig config, Func<StoredTensor, Func<int, double>> numbers)
    {
        using var model = ModelCatalog.Create(config, CpuDevice.Instance);
        return new(model.StoredTensors.ToDictionary(tensor => tensor.Name, tensor => new Matrix(tensor.Shape.Rows,
            tensor.Shape.Columns, [.. Enumerable.Range(0, (int)tensor.Shape.Length).Select(numbers(tensor))])));
    }

    /// <summary>A safetensors file of float32.</summary>
    public static Checkpoint Read(string path)
    {
        using var file = new SafetensorsReader(path);
        return new(file.Entries.Values.ToDictionary(entry => entry.Name, entry =>
        {
            float[] numbers = new float[entry.Length];
            file.Read(entry, numbers);
            return new Matrix((int)(entry.Length / entry.Sizes[^1]), entry.Sizes[^1], Array.ConvertAll(numbers, x => (double)x));
        }));
    }

    // Where queries and keys are normed, their gains decide how large they are.
    static bool MakesScores(string name, int column, int columns) => name.Split('.')[^2] switch
    {
        "q_proj" or "k_proj" or "q_norm" or "k_norm" => true,
        "c_attn" => column < columns / 3 * 2,
        _ => false,
    };
}
