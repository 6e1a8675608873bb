using Cria.Engine.Graphs.Ops;

namespace Cria.Models.Losses;

/// <summary>A loss that reads more of its samples than their tokens.</summary>
public interface ISampleLoss : ITrainingLoss
{
    /// <summary>Fills the inputs that a recording has for it.</summary>
    /// <param name="recorded">What <see cref="ITrainingLoss.Record"/> returned.</param>
    /// <param name="first">The global number of the micro-batch's first sample.</param>
    /// <param name="samples">How many there are (B).</param>
    void Fill(VocabularyLoss recorded, long first, int samples);
}
