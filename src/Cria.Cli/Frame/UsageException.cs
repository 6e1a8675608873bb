namespace Cria.Cli.Frame;

/// <summary>Wrong use that only a verb can see: one sentence with the value and what was expected. Exit code 2.</summary>
class UsageException(string message) : Exception(message);
