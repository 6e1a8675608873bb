namespace Cria.Data.Cleaning;

/// <summary>
/// One thing that is done to every text. A step is a pure function, safe to call from many threads; applied to its own
/// result it changes nothing.
/// </summary>
public interface ICleaningStep : IDocumentStep
{
    /// <summary>The cleaned text: <paramref name="text"/> itself if there is nothing to do.</summary>
    string Apply(string text);
}
