using Cria.Models;
using Cria.Training.Recipes;

namespace Cria.Cli.Runs;

/// <summary>What makes a teacher unfit for a recipe's student, be it trained or only planned.</summary>
static class TeacherFit
{
    /// <param name="recipe">The student's.</param>
    /// <param name="path">The teacher's, for the message.</param>
    /// <param name="teacher">Its sizes.</param>
    /// <param name="firstPath">Of the first of all teachers, with which the others must agree.</param>
    /// <param name="first">Its sizes.</param>
    /// <exception cref="ConfigException">Its vocabulary is another, or its context is too short.</exception>
    public static void Check(Recipe recipe, string path, ModelConfig teacher, string firstPath, ModelConfig first)
    {
        (string who, int wanted) = recipe.Model.VocabSize == 0 ? (firstPath, first.VocabSize) : ("model.vocab_size says", recipe.Model.VocabSize);
        if (teacher.VocabSize != wanted)
            throw new ConfigException($"the teacher {path} predicts {teacher.VocabSize:N0} tokens and {who} {wanted:N0}; teachers and " +
                "student share one vocabulary.");
        if (teacher.MaxPositionEmbeddings < recipe.Data.SequenceLength)
            throw new ConfigException($"the teacher {path} has a context of {teacher.MaxPositionEmbeddings:N0} tokens, and data.sequence_length is " +
                $"{recipe.Data.SequenceLength:N0}; make that {teacher.MaxPositionEmbeddings:N0} or less.");
    }

    /// <summary>Whether a teacher is named by the recipe that is to make it, which can be planned with and not learned from.</summary>
    public static bool IsRecipe(string path) =>
        Path.GetExtension(path).ToLowerInvariant() is ".yaml" or ".yml" && File.Exists(path);
}
