using Cria.Data.Predictions;

namespace Cria.Fuzz.Formats;

static class FormatList
{
    public static IReadOnlyList<IFormat> All { get; } =
    [
        new Safetensors(), new FolderJson("config", "config.json"), new FolderJson("tokenizer", "tokenizer.json"),
        new FolderJson("generation-config", "generation_config.json"),
        new FolderJson("index", "model.safetensors.index.json", maxShardBytes: 4096), new SentencePieces(),
        new Gguf(), new Llama2c("llama2c", type: null, head: 7), new Llama2c("llama2c-v1", type: "f32-v1", head: 12), new Llama2cTokens(),
        new ComposedJson(), new Tiktoken(), new Shards(),
        new Predictions("predictions-top", new TopTokens(9)), new Predictions("predictions-drawn", new DrawnTokens(9, 1.5, Seed: 3)),
        new Parquet("arrow-snappy-pages.parquet", "author"), new Parquet("duckdb-nested.parquet", "origin.author"),
        new Parquet("duckdb-zstd.parquet", "author"), new Parquet("hyparquet-gzip.parquet", "author"),
        new Parquet("arrow-v2-delta.parquet", "url"), new Parquet("arrow-v2-brotli.parquet", "author"),
        new Parquet("hyparquet-delta-length.parquet", "author"), new Parquet("arrow-uncompressed.parquet", "author"),
    ];
}
