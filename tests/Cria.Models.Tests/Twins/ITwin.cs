namespace Cria.Models.Tests.Twins;

/// <summary>An architecture as its paper has it, over the tensors of its files.</summary>
interface ITwin
{
    /// <summary>(T, V): the logits after every token of one sequence.</summary>
    Matrix Logits(Tape t, int[] ids);
}
