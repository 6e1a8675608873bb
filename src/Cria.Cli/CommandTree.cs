using System.CommandLine;
using Cria.Cli.Frame;
using Cria.Cli.Verbs;

namespace Cria.Cli;

/// <summary>The program's verbs, one file each.</summary>
static class CommandTree
{
    public static RootCommand Create()
    {
        RootCommand root = new("Cria pre-trains small language models on its own engine.");
        Command[] verbs =
        [
            QuickstartVerb.Create(),
            TrainVerb.Create(),
            TeachVerb.Create(),
            SweepVerb.Create(),
            CompareVerb.Create(),
            RecordVerb.Create(),
            GenerateVerb.Create(),
            EvalVerb.Create(),
            LogitsVerb.Create(),
            ImportVerb.Create(),
            ExportVerb.Create(),
            InspectVerb.Create(),
            ReportVerb.Create(),
            PlanVerb.Create(),
            BudgetVerb.Create(),
            CoordinatesVerb.Create(),
            BenchVerb.Create(),
            DataVerb.Create(),
            TokenizerVerb.Create(),
            DoctorVerb.Create(),
        ];
        foreach (Command verb in verbs)
            root.Add(verb);

        foreach (Option option in GlobalOptions.All)
            root.Add(option);
        HelpExamples.ShowIn(root);
        return root;
    }
}
