using Cria.Data.Predictions;
using Cria.Data.Sampling;
using Cria.Models;
using Cria.Models.Losses;
using Cria.Training.Recipes;

namespace Cria.Training;

/// <summary>
/// What a file says of the windows that training reads. A teacher's prediction depends on all it has seen, so it is of use only where
/// the student sees the same: the data, the tokenizer, the windows and the borders of documents are held against the file's.
/// </summary>
/// <param name="file">Kept by the caller.</param>
public sealed class TaughtWindows(PredictionFile file) : ITaughtSamples
{
    KeptPredictions? _kept;
    IFixedWindows? _reader;

    public int VocabSize => file.Header.VocabSize;

    public int SequenceLength => file.Header.SequenceLength;

    public float Temperature => file.Header.Temperature;

    public int Most => file.Most;

    /// <summary>What of a recipe does not fit the file, found before any work is done.</summary>
    /// <exception cref="ConfigException">Something does not; the message says what would.</exception>
    public void Check(Recipe recipe)
    {
        var header = file.Header;
        if (recipe.Data.Mixture.Length > 0)
            throw new ConfigException($"{file.Path} holds what teachers said of the windows of one text, and data.mixture draws from several; " +
                "train on one, or name the teachers themselves by loss.type distillation.");
        if (recipe.Data.Reader.Type != "windows")
            throw new ConfigException($"{file.Path} holds what teachers said of windows that lie side by side, and the windows of data.reader.type " +
                $"{recipe.Data.Reader.Type} begin elsewhere; take data.reader.type windows, or name the teachers themselves by loss.type distillation.");
        if (recipe.Data.SequenceLength != header.SequenceLength)
            throw new ConfigException($"{file.Path} was made for windows of {header.SequenceLength:N0} tokens, and data.sequence_length is " +
                $"{recipe.Data.SequenceLength:N0}; make it {header.SequenceLength:N0}, or make the file again.");
        if (header.Subset != 0 && (recipe.Data.Reader.Subset, recipe.Data.Reader.SubsetSeed) != (header.Subset, header.SubsetSeed))
            throw new ConfigException($"{file.Path} holds {header.Subset:N0} windows drawn with seed {header.SubsetSeed}, and data.reader has subset " +
                $"{recipe.Data.Reader.Subset:N0} and subset_seed {recipe.Data.Reader.SubsetSeed}; make them the same, or make the file again.");
        if (recipe.Data.Reader.DocumentMasks != header.DocumentMasks)
            throw new ConfigException($"the teachers of {file.Path} saw {(header.DocumentMasks ? "no other document" : "beyond a document's beginning")}, and " +
                $"data.reader.document_masks is {(header.DocumentMasks ? "false" : "true")}; make it {(header.DocumentMasks ? "true" : "false")}, or make the file again.");
        if (recipe.Model.VocabSize != 0 && recipe.Model.VocabSize != header.VocabSize)
            throw new ConfigException($"the teachers of {file.Path} predict {header.VocabSize:N0} tokens and model.vocab_size says " +
                $"{recipe.Model.VocabSize:N0}; teachers and student share one vocabulary.");
    }

    /// <summary>Tells which reader's samples are asked for from now on.</summary>
    /// <param name="reader">Of the training data.</param>
    /// <param name="tokenizerSha256">Of its tokenizer.</param>
    /// <exception cref="ConfigException">The file is of another tokenizer or of other data.</exception>
    public void Attach(ISampleReader reader, string tokenizerSha256)
    {
        if (tokenizerSha256 != file.Header.TokenizerSha256)
            throw new ConfigException($"{file.Path} was made with another tokenizer than this run's (sha256 {file.Header.TokenizerSha256[..12]}… and " +
                $"{tokenizerSha256[..12]}…); name the teachers' by tokenizer.path, or make the file again.");
        if (reader is not IFixedWindows windows || reader.ManifestHash != file.Header.DataSha256)
            throw new ConfigException($"{file.Path} was made of other data than this run trains on (hash {file.Header.DataSha256[..12]}… and " +
                $"{reader.ManifestHash[..12]}…); name those shards by data.train, or make the file of these with `cria teach`.");
        _reader = windows;
    }

    public void Read(long sample, Span<int> ids, Span<float> shares, Span<float> logs, Span<float> rests)
    {
        var reader = _reader ?? throw new InvalidOperationException("no reader is attached");
        _kept ??= new(SequenceLength, Most);
        file.Read(file.Header.Subset == 0 ? reader.Window(sample) : reader.Index(sample), _kept);
        _kept.Ids.CopyTo(ids);
        _kept.Shares.CopyTo(shares);
        _kept.Logs.CopyTo(logs);
        _kept.Rests.CopyTo(rests);
    }
}
