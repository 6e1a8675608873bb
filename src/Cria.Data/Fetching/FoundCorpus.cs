namespace Cria.Data.Fetching;

/// <summary>What is fetched, once it is known to the file.</summary>
/// <param name="Name"><c>hf:OWNER/NAME</c>, a named corpus, or <c>urls</c>.</param>
/// <param name="Home">A page about it.</param>
/// <param name="Revision">The commit of a hub's dataset.</param>
/// <param name="Licence">As the source states it.</param>
/// <param name="Files">Its files.</param>
sealed record FoundCorpus(string Name, string? Home, string? Revision, string? Licence, IReadOnlyList<WantedFile> Files);
