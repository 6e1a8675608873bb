using Cria.Engine.Tensors;
using Cria.Models;

namespace Cria.Interop.Checkpoints;

/// <summary>An opened checkpoint: read and checked up to its weights, which <see cref="Load"/> streams into a model.</summary>
public abstract class Checkpoint : IDisposable
{
    /// <summary>The file or folder, as messages name it.</summary>
    public abstract string Path { get; }

    public abstract ModelConfig Config { get; }

    public abstract CheckpointContents Contents { get; }

    /// <summary>What the weights take in the file.</summary>
    public abstract long WeightBytes { get; }

    /// <summary>How many numbers the file's tensors have.</summary>
    public abstract long WeightNumbers { get; }

    /// <summary>How the weights are kept, in the file's words: <c>F32</c>, <c>Q8_0, F32</c>.</summary>
    public abstract string WeightTypes { get; }

    /// <summary>Fills a model of <see cref="Config"/>, tensor by tensor; no more than a piece of one is in memory besides.</summary>
    /// <param name="model">Allocated.</param>
    /// <param name="loaded">Hears how many numbers have been read so far.</param>
    /// <param name="cancellation">Asked after every piece.</param>
    /// <exception cref="CheckpointException">A tensor is missing, of another shape, or of a type that cannot be read.</exception>
    public abstract void Load(ILanguageModel model, Action<long>? loaded = null, CancellationToken cancellation = default);

    /// <summary>A model with these weights, ready to run.</summary>
    /// <exception cref="CheckpointException">Its config makes a model of more numbers than the file has.</exception>
    public ILanguageModel Model(
        IDevice device, bool withGradients = false, Action<long>? loaded = null, CancellationToken cancellation = default)
    {
        var model = ModelCatalog.Create(Config, device);
        try
        {
            // Before memory is asked for: a few bytes of a config can promise any size.
            Check(model);
            model.Parameters.Allocate(withGradients);
            Load(model, loaded, cancellation);
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Refuses a model that the file cannot fill.</summary>
    /// <param name="model">Not allocated.</param>
    protected virtual void Check(ILanguageModel model)
    {
        if (model.Parameters.Count > WeightNumbers)
            throw new CheckpointException($"{Path}: the config makes a model of {model.Parameters.Count:N0} numbers, and the weights have {WeightNumbers:N0}; they do not belong together.");
    }

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
    }
}
