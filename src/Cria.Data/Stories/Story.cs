namespace Cria.Data.Stories;

/// <summary>
/// One story and the exact price of having drawn it: −log2 of the probability that <see cref="StoryGenerator"/> emits
/// this text, in bits. The mean over stories divided by the mean of <see cref="SizeInBytes"/> is the entropy floor
/// in bits per byte, which no model of the corpus can undercut.
/// </summary>
public sealed record Story(string Text, double NegativeLog2Probability)
{
    /// <summary>The text's length in UTF-8 (the world writes plain ASCII, so one byte a character).</summary>
    public int SizeInBytes => System.Text.Encoding.UTF8.GetByteCount(Text);
}
