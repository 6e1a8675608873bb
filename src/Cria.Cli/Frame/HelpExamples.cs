using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Cria.Cli.Frame;

/// <summary>Adds a verb's worked example to the end of its help.</summary>
static class HelpExamples
{
    public static void ShowIn(RootCommand root)
    {
        HelpOption help = root.Options.OfType<HelpOption>().Single();
        if (help.Action is HelpAction action)
            help.Action = new HelpWithExample(action);
    }

    sealed class HelpWithExample(HelpAction help) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true; // help is help, whatever else the line lacks

        public override int Invoke(ParseResult parseResult)
        {
            int code = help.Invoke(parseResult);
            string example = parseResult.CommandResult.Command is Verb verb ? verb.Example : "cria quickstart";
            parseResult.InvocationConfiguration.Output.Write($"Example:\n  {example}\n");
            return code;
        }
    }
}
