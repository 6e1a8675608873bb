namespace Cria.Evaluation.Pairs;

/// <summary>How a file holds minimal pairs.</summary>
public enum PairFormat
{
    /// <summary>
    /// A JSON object a line with <c>sentence_good</c> and <c>sentence_bad</c>, as BLiMP and the BabyLM supplement have them. <c>UID</c>
    /// names the paradigm (the file's name does where it is missing), <c>linguistics_term</c> or <c>field</c> the field.
    /// </summary>
    JsonLines,

    /// <summary>
    /// Text of lines in pairs, the bad one first, as Zorro has them. The file is the paradigm, and its name up to the last hyphen the
    /// field: <c>filler-gap-wh_question_object.txt</c>.
    /// </summary>
    BadThenGood,
}
