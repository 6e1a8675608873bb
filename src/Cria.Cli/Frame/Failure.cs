using Cria.Data;
using Cria.Models;

namespace Cria.Cli.Frame;

/// <summary>From an exception to one sentence on standard error and an exit code; CRIA_TRACE=1 adds the stack trace.</summary>
static class Failure
{
    const int ReadOnlyOnUnix = 30; // EROFS
    const int ReadOnlyOnWindows = unchecked((int)0x80070013);

    public static int Explain(Exception exception, bool interrupted)
    {
        Exception cause = exception is AggregateException { InnerExceptions: [Exception only] } ? only : exception;
        if (cause is OperationCanceledException && interrupted)
            return Interruption.ExitCode;
        Output.Error(Sentence(cause));
        if (Environment.GetEnvironmentVariable("CRIA_TRACE") == "1")
            Output.Log(exception.ToString());
        return cause is UsageException or ConfigException ? WrongUse.ExitCode : 1; // the reader of a file says CheckpointException
    }

    public static string Sentence(Exception exception) => exception switch
    {
        IOException when DurableFile.IsForWantOfRoom(exception) =>
            $"the disk is full: {OneLine(exception.Message)} Free space there or name another folder.",
        IOException { HResult: ReadOnlyOnUnix or ReadOnlyOnWindows } => $"{OneLine(exception.Message)} Name a folder that can be written.",
        FileNotFoundException { FileName: { } file } => $"{file} does not exist.",
        DirectoryNotFoundException or FileNotFoundException => OneLine(exception.Message),
        UnauthorizedAccessException => $"{OneLine(exception.Message)} Check the rights of the file or choose another.",
        IOException => OneLine(exception.Message),
        OutOfMemoryException => "memory is full; choose a smaller model, batch or vocabulary.",
        _ when IsMeantForUsers(exception) => OneLine(exception.Message),
        _ => $"unexpected {exception.GetType().Name}: {OneLine(exception.Message)} "
            + "This is a fault in Cria; CRIA_TRACE=1 shows where.",
    };

    /// <summary>The rooms' own exceptions carry a sentence written for the person at the keyboard.</summary>
    static bool IsMeantForUsers(Exception exception) =>
        exception.GetType().Namespace?.StartsWith("Cria.", StringComparison.Ordinal) == true;

    static string OneLine(string message)
    {
        string line = string.Join(' ', message.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries)).Trim();
        return line.EndsWith('.') || line.EndsWith('?') || line.EndsWith('!') ? line : line + ".";
    }
}
