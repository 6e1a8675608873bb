namespace Cria.Models.Decoding;

/// <summary>How the next token is drawn from the logits.</summary>
public sealed record SamplingOptions
{
    /// <summary>Divides the logits; 0 takes the most probable token.</summary>
    public float Temperature { get; init; } = 0.8f;

    /// <summary>Only the K most probable tokens; 0 takes all.</summary>
    public int TopK { get; init; }

    /// <summary>Only the smallest set of tokens with this probability together (Holtzman et al. 2020); 1 takes all.</summary>
    public float TopP { get; init; } = 1;

    /// <summary>Divides positive and multiplies negative logits of tokens already there (Keskar et al. 2019); 1 does nothing.</summary>
    public float RepetitionPenalty { get; init; } = 1;

    public ulong Seed { get; init; } = 1;

    /// <exception cref="ConfigException">A value is out of its range.</exception>
    public void Validate()
    {
        if (!(Temperature >= 0) || float.IsInfinity(Temperature))
            throw new ConfigException($"temperature {Temperature} is not a number of 0 or more.");
        if (TopK < 0)
            throw new ConfigException($"top-k {TopK} is negative; 0 takes all tokens.");
        if (!(TopP > 0 && TopP <= 1))
            throw new ConfigException($"top-p {TopP} does not lie in (0, 1]; 1 takes all tokens.");
        if (!(RepetitionPenalty > 0) || float.IsInfinity(RepetitionPenalty))
            throw new ConfigException($"repetition penalty {RepetitionPenalty} is not above 0; 1 does nothing.");
    }
}
