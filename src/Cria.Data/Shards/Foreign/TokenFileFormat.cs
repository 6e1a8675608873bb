namespace Cria.Data.Shards.Foreign;

/// <summary>Formats of token files that other programs read (docs/shards.md).</summary>
public enum TokenFileFormat
{
    /// <summary>nanoGPT's and lilLM's: <c>train.bin</c> and <c>val.bin</c> of nothing but ids, EndOfText behind every
    /// document.</summary>
    Bin,

    /// <summary>llm.c's: <c>NAME_train.bin</c> and <c>NAME_val.bin</c> with a header, EndOfText before every document.</summary>
    Llmc,

    /// <summary>llm.c's, of exactly 100,000,000 tokens each, the first for validation: <c>NAME_val_000000.bin</c>,
    /// <c>NAME_train_000001.bin</c>, …; documents run across.</summary>
    FineWeb,

    /// <summary>lit-gpt's packed data: <c>NAME_0000000000.bin</c>, …, each of 1024 blocks, the last filled with
    /// EndOfText.</summary>
    LitPkds,
}
