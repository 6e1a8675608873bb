namespace Cria.Fuzz.Formats;

static class FormatList
{
    public static IReadOnlyList<IFormat> All { get; } =
    [
        new Safetensors(), new FolderJson("config"), new FolderJson("tokenizer"), new SentencePieces(),
        new Gguf(), new Llama2c("llama2c", type: null, head: 7), new Llama2c("llama2c-v1", type: "f32-v1", head: 12), new Llama2cTokens(),
        new ComposedJson(), new Tiktoken(),
    ];
}
