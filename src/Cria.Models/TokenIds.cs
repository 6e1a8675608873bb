namespace Cria.Models;

/// <summary>Kernels trust token ids; whoever hands them over checks them here, once.</summary>
public static class TokenIds
{
    /// <exception cref="ConfigException">An id lies outside the vocabulary.</exception>
    public static void Check(ReadOnlySpan<int> ids, int vocabSize)
    {
        foreach (int id in ids)
            if ((uint)id >= (uint)vocabSize)
                throw new ConfigException(
                    $"token {id} is not in the model's vocabulary of {vocabSize} (0 to {vocabSize - 1}); is the text tokenized with the model's own tokenizer?");
    }
}
