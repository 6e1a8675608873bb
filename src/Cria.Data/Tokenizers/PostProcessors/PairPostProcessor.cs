namespace Cria.Data.Tokenizers.PostProcessors;

/// <summary>BERT's and RoBERTa's: one mark before the text, another after it.</summary>
/// <param name="Kind">The name in files, BertProcessing or RobertaProcessing.</param>
/// <param name="Opener">The first mark's name and id.</param>
/// <param name="Closer">The last mark's name and id.</param>
/// <param name="AddPrefixSpace">RoBERTa's: of no consequence for ids.</param>
/// <param name="TrimOffsets">RoBERTa's: of no consequence for ids.</param>
public sealed record PairPostProcessor(
    string Kind, (string Name, int Id) Opener, (string Name, int Id) Closer, bool AddPrefixSpace, bool TrimOffsets) : IPostProcessor
{
    public IReadOnlyList<int> Before => [Opener.Id];

    public IReadOnlyList<int> After => [Closer.Id];
}
