namespace Cria.Fuzz.Formats;

static class FormatList
{
    public static IReadOnlyList<IFormat> All { get; } =
        [new Safetensors(), new FolderJson("config"), new FolderJson("tokenizer"), new SentencePieces()];
}
