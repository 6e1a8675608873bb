using System.Text;
using Cria.Data.Cleaning;
using Cria.Data.Cleaning.Filters;
using Cria.Data.Cleaning.Steps;
using Cria.Data.Unicode;

namespace Cria.Data.Tests.Cleaning;

public sealed class CleaningStepTests
{
    [Theory]
    [InlineData("a\r\nb\rc\u0085d\u2028e\u2029f", "a\nb\nc\nd\ne\nf")]
    [InlineData("a\tb\vc\fd", "a b c d")]
    [InlineData("\uFEFFa\0b\u0007c\u007fd\u009fe\u00adf\u200bg\u2060h\uFFFEi\uFDD0j", "abcdefghij")]
    [InlineData("\U0001F468\u200d\U0001F469 caf\u00e9 \uFFFD", "\U0001F468\u200d\U0001F469 caf\u00e9 \uFFFD")]
    [InlineData("\r\r\n\n", "\n\n\n")]
    public void Invisible_characters_go_and_line_ends_become_one(string text, string expected) =>
        Check(new ControlCharacters(), text, expected);

    [Fact] // not inline: attributes cannot hold such text
    public void Lone_surrogates_go() => Check(new ControlCharacters(), "a\ud800b\udc00c\udc00\ud800", "abc");

    [Theory]
    [InlineData("cafe\u0301 \u212b", "caf\u00e9 \u00c5"), InlineData("\ufb01 \u00bd \uff21", "\ufb01 \u00bd \uff21")]
    public void Nfc_joins_what_is_the_same_and_leaves_what_looks_alike(string text, string expected) =>
        Check(new CanonicalForms(), text, expected);

    [Theory]
    [InlineData("  a  b \n\n c\t\td  ", "a b\n\nc d")]
    [InlineData("a b\nc", "a b\nc")]
    [InlineData("a \nb", "a\nb")]
    [InlineData("a\u00a0\u3000b\u1680", "a b")]
    [InlineData("a b  ", "a b")]
    [InlineData("a  b", "a b")]
    [InlineData("   ", "")]
    [InlineData(" ", "")]
    [InlineData("", "")]
    public void Spaces_collapse_and_lines_are_trimmed(string text, string expected) =>
        Check(new Spaces(), text, expected);

    [Theory]
    [InlineData("a\n\nb", "a\n\nb")]
    [InlineData("\n\na\n\n\n\nb\nc\n", "a\n\nb\nc")]
    [InlineData("\n\n\n", "")]
    [InlineData("a\n\n\nb\n\n\n\n\nc", "a\n\nb\n\nc")]
    public void Blank_lines_collapse(string text, string expected) => Check(new BlankLines(), text, expected);

    [Fact]
    public void The_basic_recipe_is_in_order_after_one_pass_for_any_text()
    {
        const string Alphabet =
            "ab \t\n\r\u00a0\u0301\ufb01\u00ad\0" +
            "\u2028\u200b\u1680\uD800\uDC00\uFF21\u0344\uFEFF\u00a8\u1161\u1100\u0085";
        for (ulong seed = 0; seed < 3000; seed++)
        {
            var text = new StringBuilder();
            for (ulong i = 0; i < 40; i++)
                text.Append(Alphabet[(int)KeyedHash.Below(KeyedHash.Combine(seed, i), Alphabet.Length)]);
            string once = Clean(text.ToString());
            Assert.Equal(once, Clean(once));
            Assert.Equal(once, UnicodeNormalization.Nfkc(once));
            Assert.DoesNotContain("  ", once, StringComparison.Ordinal);
            Assert.DoesNotContain("\n\n\n", once, StringComparison.Ordinal);
            Assert.DoesNotContain('\r', once);
            Assert.Equal(once, once.Trim(' ', '\n'));
        }
    }

    static string Clean(string text) => CleaningRecipe.Basic.Steps.Aggregate(text, (t, step) => ((ICleaningStep)step).Apply(t));

    static void Check(ICleaningStep step, string text, string expected)
    {
        string found = step.Apply(text);
        Assert.Equal(expected, found);
        Assert.Same(found, step.Apply(found)); // a second time there is nothing to do
        if (text == expected)
            Assert.Same(text, found);
    }
}
