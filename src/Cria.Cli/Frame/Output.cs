using System.Text.Encodings.Web;
using System.Text.Json;

namespace Cria.Cli.Frame;

/// <summary>Results go to standard output, everything said about them to standard error.</summary>
static class Output
{
    static readonly JsonSerializerOptions JsonOptions = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
        NewLine = "\n",
    };

    static LiveBlock? Live;

    /// <summary>Whether a person sees standard error, so that bars may be drawn there.</summary>
    public static bool HasTerminal => !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") != "dumb";

    /// <summary>Lets everything that is logged appear above these lines, until it is called with null.</summary>
    public static void LogAbove(LiveBlock? live) => Volatile.Write(ref Live, live);

    public static void Line(string text) => Console.Out.Write(text + "\n");

    /// <summary>The one JSON document of <c>--json</c>; names become snake_case.</summary>
    public static void Json(object value) => Console.Out.Write(JsonText(value));

    public static string JsonText(object value) => JsonSerializer.Serialize(value, JsonOptions) + "\n";

    public static void Log(string text)
    {
        if (Volatile.Read(ref Live) is { } live)
            live.Above(text);
        else
            Console.Error.Write(text + "\n");
    }

    public static void Warn(string sentence) => Log($"warning: {sentence}");

    public static void Error(string sentence) => Log($"error: {sentence}");
}
