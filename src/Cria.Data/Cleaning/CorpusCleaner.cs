using Cria.Data.Cleaning.Duplicates;
using Cria.Data.Readers;

namespace Cria.Data.Cleaning;

/// <summary>
/// From documents as they were read to documents to train on: cleaned on all cores, in order, without duplicates, each
/// on its side of the split. The result does not depend on the number of threads. Memory: a few batches of text and at
/// most 25 bytes for every document kept.
/// </summary>
public sealed class CorpusCleaner
{
    readonly CleaningRecipe _recipe;
    readonly CorpusSplit _split;
    readonly int _threads;

    /// <summary>A cleaner for one corpus.</summary>
    /// <param name="recipe">What is done.</param>
    /// <param name="split">Which documents are for validation; null: none.</param>
    /// <param name="threads">Threads to work on; 0 for one a core.</param>
    public CorpusCleaner(CleaningRecipe recipe, CorpusSplit? split = null, int threads = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        _recipe = recipe;
        _split = split ?? new CorpusSplit { ValidationFraction = 0 };
        _threads = threads > 0 ? threads : Environment.ProcessorCount;
        Report = new CleaningReport(recipe);
    }

    /// <summary>What was done so far; begins anew with every enumeration.</summary>
    public CleaningReport Report { get; private set; }

    /// <summary>The documents that are kept, in the order of the source.</summary>
    public IEnumerable<CleanDocument> Clean(IEnumerable<Document> documents) =>
        Kept(new OrderedPipeline<List<Document>, List<Result>>(CleanBatch, _threads)
            .Run(DocumentBatches.Of(documents, document => document.Utf8.Length)));

    /// <summary>The documents that are kept, in the order of the files, whose lines are taken apart on all cores
    /// too.</summary>
    public IEnumerable<CleanDocument> Clean(DocumentReader reader) => Kept(reader.Process(CleanBatch, _threads));

    IEnumerable<CleanDocument> Kept(IEnumerable<List<Result>> batches)
    {
        Report = new CleaningReport(_recipe);
        var seen = new ExactDuplicates();
        foreach (List<Result> batch in batches)
        {
            foreach (Result result in batch)
            {
                if (Keep(result, seen))
                    yield return result.Document;
            }
        }
    }

    bool Keep(Result result, ExactDuplicates seen)
    {
        CleanDocument document = result.Document;
        Report.Before.Add(result.BytesBefore);
        foreach (Change change in result.Changes)
        {
            var example = new CleaningExample(document.Source.Place, change.Before, change.After);
            Report.Steps[change.Step].Add(change.Characters, example);
        }

        if (result.Refusal is { } refusal)
        {
            Remove(Report.Steps[refusal.Step], document, refusal.Reason);
            return false;
        }

        if (string.IsNullOrWhiteSpace(document.Text))
        {
            Remove(Report.Empty, document);
            return false;
        }

        if (_recipe.RemovesDuplicates && !seen.Add(document.Hash))
        {
            Remove(Report.Duplicates, document);
            return false;
        }

        Report.After.Add(document.Utf8Bytes);
        if (document.IsValidation)
            Report.Validation.Add(document.Utf8Bytes);
        return true;
    }

    static void Remove(CleaningCount count, CleanDocument document, string reason = "") => count.Add(document.Text.Length,
        new CleaningExample(document.Source.Place, Excerpt.OfStart(document.Source.Text), "", reason));

    List<Result> CleanBatch(IReadOnlyList<Document> batch)
    {
        var results = new List<Result>(batch.Count);
        foreach (Document document in batch)
            results.Add(CleanOne(document));
        return results;
    }

    Result CleanOne(Document source)
    {
        string text = source.Text;
        List<Change> changes = [];
        Refusal? refusal = null;
        for (int step = 0; step < _recipe.Steps.Length && refusal is null; step++)
        {
            if (_recipe.Steps[step] is IDocumentFilter filter)
                refusal = filter.Reason(text) is { } reason ? new Refusal(step, reason) : null;
            else
                text = Changed(text, step, changes);
        }

        (int bytes, UInt128 hash) = CleanDocument.Measure(text);
        var document = new CleanDocument(text, source, bytes, hash, _split.IsValidation(source.Group, hash));
        return new Result(document, source.Utf8.Length, changes, refusal);
    }

    string Changed(string text, int step, List<Change> changes)
    {
        string cleaned = ((ICleaningStep)_recipe.Steps[step]).Apply(text);
        if (!ReferenceEquals(cleaned, text) && cleaned != text)
        {
            (string before, string after) = Excerpt.OfChange(text, cleaned);
            changes.Add(new Change(step, text.Length - cleaned.Length, before, after));
        }

        return cleaned;
    }

    readonly record struct Change(int Step, int Characters, string Before, string After);

    sealed record Refusal(int Step, string Reason);

    readonly record struct Result(CleanDocument Document, int BytesBefore, List<Change> Changes, Refusal? Refusal);
}
