using System.CommandLine;

namespace Cria.Cli.Frame;

/// <summary>A command with one worked example, which its help shows.</summary>
sealed class Verb(string name, string summary, string example) : Command(name, summary)
{
    public string Example => example;

    /// <summary>
    /// What the verb does: it returns the exit code, and throws what is wrong (<see cref="Failure"/> explains it). The token is cancelled
    /// by the first Ctrl-C: the verb saves what it must, then calls <c>ThrowIfCancellationRequested</c>.
    /// </summary>
    public Verb Does(Func<ParseResult, CancellationToken, int> body)
    {
        SetAction((parsed, cancellation) =>
        {
            GlobalOptions.Check(parsed);
            return Task.FromResult(body(parsed, cancellation));
        });
        return this;
    }
}
