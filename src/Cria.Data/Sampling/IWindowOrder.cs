namespace Cria.Data.Sampling;

/// <summary>Where each sample's window of tokens begins: the siblings differ in nothing else.</summary>
interface IWindowOrder
{
    long SamplesPerEpoch { get; }

    /// <summary>The position of a sample's first token in the ring.</summary>
    long Position(long sample);
}
