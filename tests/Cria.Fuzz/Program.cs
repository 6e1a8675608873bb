using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Cria.Fuzz;
using Cria.Fuzz.Formats;

// Cria.Fuzz FORMAT|all [COUNT [SEED]]: reads COUNT damaged files of each format, every second one with a lie in its
// structure. A reader must refuse or accept: in a sentence, in time, and without believing more than the file has.
IFormat[] all = [.. FormatList.All];
if (args.Length == 0 || (args[0] != "all" && all.All(format => format.Name != args[0])))
{
    Console.Error.WriteLine($"Cria.Fuzz FORMAT [COUNT [SEED]]; formats: all, {string.Join(", ", all.Select(format => format.Name))}");
    return 2;
}
int count = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 1000;
int seed = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 1;
int faults = 0;
using var largest = new LargestObject();
foreach (var format in all.Where(format => args[0] == "all" || format.Name == args[0]))
{
    var attack = new Attack(format, seed, largest);
    for (int i = 0; i < count; i++)
        attack.Run(i);
    Console.WriteLine(JsonSerializer.Serialize(attack.Summary));
    faults += attack.Faults.Count;
    foreach (string fault in attack.Faults)
        Console.Error.WriteLine(fault);
}
return faults == 0 ? 0 : 1;
