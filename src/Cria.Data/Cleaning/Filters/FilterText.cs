using System.Globalization;

namespace Cria.Data.Cleaning.Filters;

/// <summary>Numbers in the reasons of filters, the same in every culture.</summary>
static class FilterText
{
    public static string Percent(double share) => (100 * share).ToString("0.#", CultureInfo.InvariantCulture) + " %";

    public static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
