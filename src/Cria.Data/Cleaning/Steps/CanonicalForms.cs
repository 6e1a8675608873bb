using Cria.Data.Unicode;

namespace Cria.Data.Cleaning.Steps;

/// <summary>NFC: one spelling for characters that are the same (an accent apart or in place), and nothing else: ligatures, widths and
/// superscripts stay.</summary>
public sealed class CanonicalForms : ICleaningStep
{
    /// <inheritdoc/>
    public string Name => "Unicode NFC";

    /// <inheritdoc/>
    public string Apply(string text) => UnicodeNormalization.Nfc(text);
}
