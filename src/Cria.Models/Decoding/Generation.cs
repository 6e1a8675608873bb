namespace Cria.Models.Decoding;

/// <summary>Continues a prompt until the end of text, a number of tokens, or for ever.</summary>
public static class Generation
{
    /// <param name="decoder">Its cache is emptied first; it should hold the prompt and what is made, or the model's context.</param>
    /// <param name="prompt">Tokens; the end-of-text token first, where the model was trained so.</param>
    /// <param name="maxTokens">At most so many new tokens.</param>
    /// <param name="endOfText">Stops here, and does not give it; null never stops.</param>
    /// <param name="options">How to draw.</param>
    /// <remarks>When the context is full, its second half is read again and the rest forgotten.</remarks>
    public static IEnumerable<int> Run(Decoder decoder, IReadOnlyList<int> prompt, int maxTokens, int? endOfText, SamplingOptions options)
    {
        if (prompt.Count == 0)
            throw new ConfigException("the prompt has no tokens; give it some text.");
        var sampler = new Sampler(options, decoder.VocabSize);
        var context = new List<int>(prompt);
        foreach (int id in prompt)
            if ((uint)id < (uint)decoder.VocabSize && id != endOfText)
                sampler.Observe(id);
        Restart(decoder, context);
        for (int made = 0; made < maxTokens; made++)
        {
            int id = sampler.Next(decoder.Logits);
            if (id == endOfText)
                yield break;
            yield return id;
            sampler.Observe(id);
            context.Add(id);
            if (decoder.Length == decoder.Capacity)
                Restart(decoder, context);
            else
                decoder.Append([id]);
        }
    }

    static void Restart(Decoder decoder, List<int> context)
    {
        if (context.Count > decoder.Capacity - 1)
            context.RemoveRange(0, context.Count - Math.Max(1, decoder.Capacity / 2));
        decoder.Reset();
        decoder.Append(context.ToArray());
    }
}
