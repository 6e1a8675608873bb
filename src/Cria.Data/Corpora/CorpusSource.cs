using Cria.Data.Cleaning.BabyLm;
using Cria.Data.Readers;

namespace Cria.Data.Corpora;

/// <summary>Files of one kind.</summary>
public sealed record CorpusSource
{
    /// <summary>Files, folders and patterns; <c>${NAME}</c> is a variable of the environment.</summary>
    public required string[] Files { get; init; }

    /// <inheritdoc cref="ReaderOptions.TextField"/>
    public string TextField { get; init; } = "text";

    /// <inheritdoc cref="ReaderOptions.GroupField"/>
    public string? GroupField { get; init; }

    /// <inheritdoc cref="ReaderOptions.Separator"/>
    public string Separator { get; init; } = Document.Separator;

    /// <summary>Longer documents are divided, where a paragraph ends if they can be; 0: they stay whole.</summary>
    public int MaxDocumentCharacters { get; init; }

    /// <summary>For the ten files of a BabyLM corpus: which of their cleaners comes before all steps.</summary>
    public BabyLmCleaning BabyLm { get; init; }

    /// <summary>Under what terms the text may be used; for the card.</summary>
    public string Licence { get; init; } = "";

    internal void Check()
    {
        if (Files.Length == 0)
            throw new DataException("A source has no files; name some.");
        if (MaxDocumentCharacters is < 0 or 1)
            throw new DataException($"max_document_characters is {MaxDocumentCharacters}; give 0 for documents of any length, or at least 2.");
        if (BabyLm != BabyLmCleaning.None && GroupField is not null)
            throw new DataException($"The source {Files[0]} is of BabyLM, whose files have no field {GroupField}; leave group_field out.");
    }

    /// <summary>The documents; what reading met is added to the statistics when the last has been taken.</summary>
    internal IEnumerable<Document> Read(ReaderStatistics statistics)
    {
        IEnumerable<Document> documents = BabyLm == BabyLmCleaning.None
            ? ReadFiles(statistics)
            : new BabyLmCorpus(isExact: BabyLm == BabyLmCleaning.Exact).Read(Files);
        return MaxDocumentCharacters > 0 ? DocumentDivision.Divide(documents, MaxDocumentCharacters) : documents;
    }

    IEnumerable<Document> ReadFiles(ReaderStatistics statistics)
    {
        var options = new ReaderOptions { TextField = TextField, GroupField = GroupField, Separator = Separator };
        DocumentReader reader = DocumentReader.Open(Files, options);
        foreach (Document document in reader)
            yield return document;
        statistics.Add(reader.Statistics);
    }
}

/// <summary>What is done with BabyLM's files before all else.</summary>
public enum BabyLmCleaning
{
    /// <summary>They are files like others.</summary>
    None,

    /// <summary>To the byte as BabyLlama did, a file as one document.</summary>
    Exact,

    /// <summary>Without its damage, in documents.</summary>
    Fixed,
}
