using System.CommandLine;
using Cria.Cli;
using Cria.Cli.Frame;

if (OperatingSystem.IsWindows())
    Console.OutputEncoding = System.Text.Encoding.UTF8;

using Interruption interruption = new();
try
{
    ParseResult parsed = CommandTree.Create().Parse(args);
    if (WrongUse.IsIn(parsed))
        return WrongUse.Explain(parsed);

    // Signals are Interruption's: the library would kill the process two seconds after the first.
    return await parsed.InvokeAsync(
        new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null },
        interruption.Token);
}
catch (Exception e)
{
    return Failure.Explain(e, interruption.Token.IsCancellationRequested);
}
