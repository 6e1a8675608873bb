using Cria.Data.Cleaning.Filters;
using Cria.Data.Cleaning.Steps;

namespace Cria.Data.Cleaning;

/// <summary>The steps and filters that a recipe may name; their settable properties are its keys.</summary>
public static class CleaningSteps
{
    /// <summary>Name in a recipe → what does it; every one works without a key.</summary>
    public static IReadOnlyDictionary<string, Type> Types { get; } = new Dictionary<string, Type>
    {
        ["mojibake"] = typeof(Mojibake),
        ["control_characters"] = typeof(ControlCharacters),
        ["nfc"] = typeof(CanonicalForms),
        ["nfkc"] = typeof(CompatibilityForms),
        ["spaces"] = typeof(Spaces),
        ["blank_lines"] = typeof(BlankLines),
        ["gutenberg_licence"] = typeof(GutenbergLicence),
        ["boilerplate_lines"] = typeof(BoilerplateLines),
        ["c4_lines"] = typeof(C4Lines),
        ["c4_page"] = typeof(C4Page),
        ["length"] = typeof(LengthFilter),
        ["character_ratios"] = typeof(CharacterRatios),
        ["gopher_quality"] = typeof(GopherQuality),
        ["gopher_repetition"] = typeof(GopherRepetition),
    };
}
