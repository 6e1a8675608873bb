namespace Cria.Interop.Gguf;

/// <summary>A stranger's text, cut and cleaned to stand in a sentence.</summary>
static class GgufText
{
    public static string Shown(string text)
    {
        string line = string.Concat(text.Take(60).Select(c => char.IsControl(c) ? '?' : c));
        return text.Length > 60 ? line + "…" : line;
    }
}
