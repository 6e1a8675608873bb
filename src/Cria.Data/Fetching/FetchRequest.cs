using System.Text.RegularExpressions;

namespace Cria.Data.Fetching;

/// <summary>What a person wants: a named corpus, a dataset on the hub, or files at addresses.</summary>
public sealed partial record FetchRequest
{
    const string UrlSource = "urls", UrlFolder = "downloads";

    /// <summary>The name of the folder it goes into if no other is chosen.</summary>
    public required string Folder { get; init; }

    /// <summary>Where on the hub; null where it has addresses.</summary>
    public HubRequest? Hub { get; init; }

    /// <summary>The corpus that was named; null where none was.</summary>
    public NamedCorpus? Corpus { get; init; }

    /// <summary>Addresses as they were given; empty otherwise.</summary>
    public IReadOnlyList<string> Addresses { get; init; } = [];

    /// <summary>Of zip archives at those addresses, a pattern of the entries that are unpacked beside them; null: none.</summary>
    public string? Unpack { get; init; }

    /// <summary>A name of <see cref="NamedCorpora"/>, <c>hf:OWNER/NAME…</c>, or addresses, each with <c>#sha256=…</c> if its hash is known.</summary>
    /// <exception cref="DataException">None of them, or more than one that is no address.</exception>
    public static FetchRequest Parse(IReadOnlyList<string> sources)
    {
        if (sources.Count > 0 && sources.All(IsAddress))
            return new FetchRequest { Folder = UrlFolder, Addresses = sources };
        if (sources is not [string source])
            throw new DataException("Several sources can be fetched at once only where all are addresses; fetch the others one by one.");
        if (source.StartsWith(HubRequest.Prefix, StringComparison.OrdinalIgnoreCase))
        {
            HubRequest hub = HubRequest.Parse(source);
            return new FetchRequest { Folder = hub.Repository[(hub.Repository.IndexOf('/', StringComparison.Ordinal) + 1)..], Hub = hub };
        }

        NamedCorpus corpus = NamedCorpora.Find(source) ?? throw new DataException(
            $"\"{source}\" is no corpus that is known by name; name an address (https://…), a dataset (hf:OWNER/NAME), or one of "
            + $"{string.Join(", ", NamedCorpora.All.Select(known => known.Name))}.");
        return new FetchRequest { Folder = corpus.Name, Hub = corpus.Hub, Corpus = corpus };
    }

    /// <summary>The files, where they need not be asked for.</summary>
    internal FoundCorpus Known()
    {
        if (Corpus is { } corpus)
        {
            return new FoundCorpus(corpus.Name, corpus.Home, null, corpus.Licence,
                [.. corpus.Addresses.Select(file => new WantedFile(file.File, file.Address, null, file.Bytes, file.Sha256, file.Unpack))]);
        }

        WantedFile[] files = [.. Addresses.Select(Wanted)];
        HashSet<string> names = new(StringComparer.OrdinalIgnoreCase);
        WantedFile? second = files.FirstOrDefault(file => !names.Add(file.Name));
        return second is null ? new FoundCorpus(UrlSource, null, null, null, files) : throw new DataException(
            $"Two of the addresses end in {second.Name}; fetch them into two folders, with --out.");
    }

    static bool IsAddress(string source) => source.Contains("://", StringComparison.Ordinal);

    WantedFile Wanted(string text)
    {
        Uri address = WebAddress.Parse(text);
        string? hash = null;
        if (address.Fragment.Length > 1)
        {
            Match match = Hash().Match(address.Fragment);
            if (!match.Success)
                throw new DataException($"\"{address.Fragment}\" behind an address is not understood; expected #sha256= and 64 hexadecimal digits.");
            hash = match.Groups["hash"].Value.ToLowerInvariant();
            address = new UriBuilder(address) { Fragment = "" }.Uri;
        }

        string name = Uri.UnescapeDataString(address.AbsolutePath[(address.AbsolutePath.LastIndexOf('/') + 1)..]);
        if (name.Length == 0)
            throw new DataException($"{WebAddress.Shown(address)} names no file; give the address of the file itself.");
        string? unpack = name.EndsWith(".zip", StringComparison.OrdinalIgnoreCase) ? Unpack : null;
        return new WantedFile(SafeName.Checked(name, WebAddress.Shown(address)), address, null, null, hash, unpack);
    }

    [GeneratedRegex("^#sha256=(?<hash>[0-9a-fA-F]{64})$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Hash();
}
