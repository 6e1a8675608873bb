namespace Cria.Data.Sampling;

/// <summary>A reader whose samples are always the same windows of the text, whatever the seed and the epoch: what somebody said of a
/// window holds whenever it is read.</summary>
public interface IFixedWindows : ISampleReader
{
    /// <summary>Which window a sample is: that of the tokens from window · T on, and the token after them.</summary>
    long Window(long sample);

    /// <summary>Which of the windows that are read a sample is: the same number where all are read, the place in the subset where
    /// one is.</summary>
    long Index(long sample);
}
