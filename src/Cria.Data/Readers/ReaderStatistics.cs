namespace Cria.Data.Readers;

/// <summary>What a <see cref="DocumentReader"/> has met so far. Not for several threads: each block has its own,
/// which are added up in the order of the blocks.</summary>
public sealed class ReaderStatistics
{
    /// <summary>How many complaints are kept word for word.</summary>
    public const int MaxExamples = 5;

    readonly List<string> _badLineExamples = [];
    readonly List<string> _warnings = [];

    /// <summary>Files begun.</summary>
    public int Files { get; internal set; }

    /// <summary>Documents handed out.</summary>
    public long Documents { get; internal set; }

    /// <summary>UTF-8 bytes of the texts handed out.</summary>
    public long TextBytes { get; internal set; }

    /// <summary>Documents left out because nothing but white space was in them.</summary>
    public long EmptyDocuments { get; internal set; }

    /// <summary>Documents in which bytes that are not UTF-8 were replaced by U+FFFD.</summary>
    public long InvalidDocuments { get; internal set; }

    /// <summary>Bytes that are not UTF-8, over all documents.</summary>
    public long InvalidBytes { get; internal set; }

    /// <summary>JSON escapes of half a surrogate pair, each replaced by U+FFFD.</summary>
    public long LoneSurrogates { get; internal set; }

    /// <summary>Lines and rows that hold no document: not JSON, without the text, with too many fields.</summary>
    public long BadLines { get; internal set; }

    /// <summary>The first of them, each as one sentence with file and line.</summary>
    public IReadOnlyList<string> BadLineExamples => _badLineExamples;

    /// <summary>What a person should know, each as one sentence.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>All that a person should know of what was read, each as one sentence.</summary>
    public IEnumerable<string> Complaints
    {
        get
        {
            foreach (string complaint in Warnings.Concat(BadLineExamples))
                yield return complaint;
            if (BadLines > BadLineExamples.Count)
                yield return $"{BadLines} lines held no document in all.";
            if (LoneSurrogates > 0)
                yield return $"{LoneSurrogates} JSON escapes are half a surrogate pair; each became U+FFFD.";
            if (InvalidBytes > 0)
            {
                yield return $"{InvalidBytes} bytes in {InvalidDocuments} documents are not UTF-8; each became the replacement " +
                    "character U+FFFD.";
            }
        }
    }

    /// <summary>Adds what a later block met.</summary>
    public void Add(ReaderStatistics later)
    {
        Files += later.Files;
        Documents += later.Documents;
        TextBytes += later.TextBytes;
        EmptyDocuments += later.EmptyDocuments;
        InvalidDocuments += later.InvalidDocuments;
        InvalidBytes += later.InvalidBytes;
        LoneSurrogates += later.LoneSurrogates;
        BadLines += later.BadLines;
        _badLineExamples.AddRange(later._badLineExamples.Take(MaxExamples - _badLineExamples.Count));
        _warnings.AddRange(later._warnings);
    }

    internal void AddBadLine(string sentence)
    {
        BadLines++;
        if (_badLineExamples.Count < MaxExamples)
            _badLineExamples.Add(sentence);
    }

    internal void Remember(IEnumerable<string> badLineExamples, IEnumerable<string> warnings)
    {
        _badLineExamples.AddRange(badLineExamples);
        _warnings.AddRange(warnings);
    }

    internal void Warn(string sentence) => _warnings.Add(sentence);
}
