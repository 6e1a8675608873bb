using System.CommandLine;
using Cria.Cli.Frame;
using Cria.Data.Readers;

namespace Cria.Cli.Verbs;

/// <summary><c>cria data</c>: synth, fetch, clean, build, pack, verify, stats; and what they share.</summary>
static class DataVerb
{
    public static Command Create() => new Verb(
        "data",
        "Make, fetch, clean, build, pack, verify and measure text.",
        "cria data pack --tokenizer tokenizer stories.txt --out shards")
    {
        DataSynthVerb.Create(),
        DataFetchVerb.Create(),
        DataCleanVerb.Create(),
        DataBuildVerb.Create(),
        DataPackVerb.Create(),
        DataConvertVerb.Create(),
        DataVerifyVerb.Create(),
        DataStatsVerb.Create(),
        DataDuplicatesVerb.Create(),
        DataContaminationVerb.Create(),
    };

    /// <summary>The files that a verb reads.</summary>
    public static Argument<string[]> Inputs() => new("IN")
    {
        Description = "Text (.txt), JSON lines (.jsonl), tables (.csv, .tsv), also packed (.gz, .zst, .br), Parquet; files, folders or patterns.",
        Arity = ArgumentArity.OneOrMore,
    };

    public static Option<string> Out(string helpName, string description) => new("--out")
    {
        HelpName = helpName,
        Description = description,
        Required = true,
    };

    /// <summary>The share of documents to hold out.</summary>
    public static Option<double> ValidationFraction(double without) => Numbers.Real("--validation-fraction", "F",
        "The share of documents held out for validation, from 0 to 0.99; which ones, their text decides.", without, 0, 0.99);

    /// <exception cref="Cria.Data.DataException">The file exists: nothing is written over.</exception>
    public static void RefuseExisting(string path)
    {
        if (Path.Exists(path))
            throw new Cria.Data.DataException($"{path} exists already; nothing is written over it: remove it or choose another name.");
    }

    /// <summary>Documents while a person watches the bar and may interrupt.</summary>
    public static IEnumerable<T> Until<T>(IEnumerable<T> items, CancellationToken cancellation)
    {
        foreach (T item in items)
        {
            cancellation.ThrowIfCancellationRequested();
            yield return item;
        }
    }

    /// <summary>What the reader met that a person should know.</summary>
    public static void Complain(ReaderStatistics statistics)
    {
        foreach (string complaint in statistics.Complaints)
            Output.Warn(complaint);
    }
}
