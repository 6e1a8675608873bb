namespace Cria.Data.Readers.Formats;

/// <summary>A run of whole lines.</summary>
sealed class TextBlock(Memory<byte> bytes, ITextFormat format, string file, long line, ReaderOptions options)
    : DocumentBlock(file, line, options)
{
    private protected override void Parse(DocumentSink sink) => format.Parse(bytes, Line, sink);
}
