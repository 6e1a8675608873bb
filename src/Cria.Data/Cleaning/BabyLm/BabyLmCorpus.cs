using System.Text;
using Cria.Data.Cleaning.Steps;
using Cria.Data.Readers;

namespace Cria.Data.Cleaning.BabyLm;

/// <summary>
/// The ten files of a BabyLM corpus, each cleaned by the cleaner of its name (<c>aochildes.train</c> … <c>wikipedia.dev</c>). A file is
/// one text: memory is a few times the longest file's size for every file under way.
/// </summary>
/// <param name="isExact">True for BabyLlama's cleaning to the byte, false for the one without its damage.</param>
public sealed class BabyLmCorpus(bool isExact)
{
    /// <summary>Files with no border between documents are cut: only what consists of several can be divided and compared.</summary>
    const int MaxDocumentCharacters = 50_000;

    const int MostAtOnce = 4;

    /// <summary>What was done, a line a file; complete once <see cref="Clean"/> has returned or all documents have been taken.</summary>
    public List<BabyLmFile> Files { get; } = [];

    /// <summary>The names that <c>data clean --recipe</c> knows: exactly as BabyLlama, and without its damage.</summary>
    public static string ExactName => "babylm";

    /// <inheritdoc cref="ExactName"/>
    public static string FixedName => "babylm-fixed";

    /// <summary>Writes every file cleaned, under its own name; of the fixed kind, documents end with lines of the separator.</summary>
    /// <param name="paths">Files, folders and patterns.</param>
    /// <param name="folder">Where the cleaned files go.</param>
    /// <param name="threads">Files cleaned at once, four at most; 0 for one a core.</param>
    /// <param name="cancellation">Stops between two files.</param>
    /// <exception cref="DataException">A file bears no known name or cannot be read, or one of the results exists already.</exception>
    public void Clean(IEnumerable<string> paths, string folder, int threads = 0, CancellationToken cancellation = default)
    {
        List<InputFile> files = InputFiles.Expand(paths);
        Dictionary<string, string> targets = new(StringComparer.OrdinalIgnoreCase);
        foreach (InputFile file in files)
        {
            BabyLmDomains.Of(file.Path);
            string target = Path.Combine(folder, Path.GetFileName(file.Path));
            if (Path.Exists(target))
                throw new DataException($"{target} exists already; nothing is written over it: remove it or choose another folder.");
            if (!targets.TryAdd(target, file.Path))
                throw new DataException($"{targets[target]} and {file.Path} would both become {target}; clean them one by one, into folders of their own.");
        }

        Directory.CreateDirectory(folder);
        int workers = Math.Min(MostAtOnce, threads > 0 ? threads : Environment.ProcessorCount);
        var pipeline = new OrderedPipeline<InputFile, BabyLmFile>(file => CleanFile(file.Path, folder, cancellation), workers);
        foreach (BabyLmFile file in pipeline.Run(files))
            Files.Add(file);
    }

    /// <summary>The documents: a file each for the exact kind; as the files show them for the fixed one.</summary>
    public IEnumerable<Document> Read(IEnumerable<string> paths)
    {
        foreach (InputFile file in InputFiles.Expand(paths))
        {
            string text = BabyLmDomains.Read(file.Path);
            IBabyLmDomain domain = BabyLmDomains.Of(file.Path);
            int documents = 0;
            long after = 0;
            foreach (Document document in isExact ? [new Document(domain.Clean(text), file.Path, 1)] : Documents(domain, text, file.Path))
            {
                documents++;
                after += Characters(document.Text);
                yield return document;
            }

            Files.Add(new BabyLmFile(file.Path, documents, Characters(text), after));
        }
    }

    BabyLmFile CleanFile(string path, string folder, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        string text = BabyLmDomains.Read(path), target = Path.Combine(folder, Path.GetFileName(path));
        IBabyLmDomain domain = BabyLmDomains.Of(path);
        return isExact ? WriteExact(domain.Clean(text), text, path, target) : WriteFixed(domain, text, path, target);
    }

    static BabyLmFile WriteExact(string cleaned, string text, string path, string target)
    {
        DurableFile.Write(target, Encoding.UTF8.GetBytes(cleaned), overwrite: false);
        return new BabyLmFile(path, 1, Characters(text), Characters(cleaned));
    }

    static BabyLmFile WriteFixed(IBabyLmDomain domain, string text, string path, string target)
    {
        using CorpusWriter writer = new(target);
        long after = 0;
        foreach (Document document in Documents(domain, text, path))
        {
            writer.Add(document.Text);
            after += Characters(document.Text);
        }

        int documents = (int)writer.Documents;
        writer.Complete();
        return new BabyLmFile(path, documents, Characters(text), after);
    }

    static IEnumerable<Document> Documents(IBabyLmDomain domain, string text, string path)
    {
        var blankLines = new BlankLines();
        long number = 1;
        IEnumerable<Document> whole = domain.Documents(text.Replace($"\n{Document.Separator}\n", "\n\n", StringComparison.Ordinal))
            .Select(cleaned => blankLines.Apply(cleaned))
            .Where(cleaned => !string.IsNullOrWhiteSpace(cleaned))
            .Select(cleaned => new Document(cleaned, path, number));
        foreach (Document document in DocumentDivision.Divide(whole, MaxDocumentCharacters))
            yield return new Document(document.Text.Trim('\n'), path, number++);
    }

    static long Characters(string text)
    {
        long characters = text.Length;
        foreach (char c in text)
            characters -= char.IsLowSurrogate(c) ? 1 : 0;
        return characters;
    }
}

/// <summary>What was done to one file.</summary>
/// <param name="Path">The file.</param>
/// <param name="Documents">Documents made of it.</param>
/// <param name="CharactersBefore">Unicode code points before, <c>\r\n</c> counted as one.</param>
/// <param name="CharactersAfter">Unicode code points after.</param>
public sealed record BabyLmFile(string Path, int Documents, long CharactersBefore, long CharactersAfter);
