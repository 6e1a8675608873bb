namespace Cria.Data.Corpora;

/// <summary>One stage on the way from files to shards. What it makes depends on its <see cref="Key"/> and on the stage before alone.</summary>
public interface ICorpusStage
{
    /// <summary>Its name, and that of its report.</summary>
    string Name { get; }

    /// <summary>Everything that its result depends on beside the stage before, as text. Asking for it opens what it depends on, so that
    /// what is missing or damaged is known before anything is made.</summary>
    /// <exception cref="DataException">Something is.</exception>
    string Key { get; }

    /// <summary>Files and folders that it makes, relative to the corpus; those under <c>work</c> go once the next stage is done.</summary>
    IReadOnlyList<string> Outputs { get; }

    /// <summary>Does the work; none of the outputs is there.</summary>
    /// <param name="folder">The corpus.</param>
    /// <param name="input">The first output of the stage before; empty for the first stage.</param>
    /// <param name="threads">Threads to work on.</param>
    /// <param name="cancellation">Stops the work; what is half done is not kept.</param>
    StageReport Run(string folder, string input, int threads, CancellationToken cancellation);
}
