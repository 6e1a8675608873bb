namespace Cria.Interop.Gguf.Architectures;

/// <summary>Hugging Face's names to llama.cpp's: <c>model.layers.3.mlp.up_proj.weight</c> is <c>blk.3.ffn_up.weight</c>.</summary>
/// <param name="layers">What the names of a layer begin with.</param>
/// <param name="names">Without number and ending.</param>
sealed class GgufNames(string layers, IReadOnlyDictionary<string, string> names)
{
    public string Of(string name)
    {
        int ending = name.LastIndexOf('.');
        string stem = name[..ending];
        if (!stem.StartsWith(layers, StringComparison.Ordinal))
            return names[stem] + name[ending..];
        int part = stem.IndexOf('.', layers.Length);
        return $"blk.{stem[layers.Length..part]}.{names[stem[(part + 1)..]]}{name[ending..]}";
    }
}
