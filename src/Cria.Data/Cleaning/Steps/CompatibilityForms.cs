using Cria.Data.Unicode;

namespace Cria.Data.Cleaning.Steps;

/// <summary>NFKC: one spelling for what looks and means the same (ligatures, wide letters, no-break spaces,
/// …).</summary>
public sealed class CompatibilityForms : ICleaningStep
{
    /// <inheritdoc/>
    public string Name => "Unicode NFKC";

    /// <inheritdoc/>
    public string Apply(string text) => UnicodeNormalization.Nfkc(text);
}
