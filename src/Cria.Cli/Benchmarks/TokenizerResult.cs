namespace Cria.Cli.Benchmarks;

/// <summary>What <c>cria bench tokenizer --json</c> prints; rates are millions of bytes of text a second.</summary>
/// <param name="Tokenizer">The tokenizer that encoded: a file's path, or that it was learned from the text.</param>
/// <param name="TrainSeconds">A vocabulary learned from the whole text, on all threads.</param>
/// <param name="TrainVocabSize">Its size.</param>
/// <param name="EncodeOneThread">By a tokenizer that has seen no text yet, piece by piece.</param>
/// <param name="Encode">The same, on all threads.</param>
/// <param name="EncodeSpeedup">How many times as fast all threads are as one.</param>
/// <param name="OneDocument">The whole text as one document, on all threads.</param>
/// <param name="OneDocumentSpeedup">How many times as fast all threads are as one on it.</param>
/// <param name="Decode">Text made from ids, on one thread.</param>
/// <param name="WorstCases">Texts of one line that are hard to encode, on one thread.</param>
public sealed record TokenizerResult(
    string Text, long Bytes, string Tokenizer, long Tokens, double BytesPerToken, int VocabSize, int Threads,
    double TrainSeconds, int TrainVocabSize, double EncodeOneThread, double Encode, double EncodeSpeedup, double OneDocument,
    double OneDocumentSpeedup, double Decode, IReadOnlyList<TokenizerWorstCase> WorstCases);

/// <summary>A hard text.</summary>
/// <param name="Name">What it consists of.</param>
/// <param name="Encode">Millions of bytes a second.</param>
/// <param name="TimesOrdinary">How much longer a byte takes than one of the ordinary text.</param>
public sealed record TokenizerWorstCase(string Name, double Encode, double TimesOrdinary);
