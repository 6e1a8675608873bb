using Cria.Cli.Recipes;
using Cria.Cli.Runs;
using Cria.Interop.HuggingFace;
using Cria.Training;
using Cria.Training.Recipes;

namespace Cria.Cli.Tests.Runs;

/// <summary>A card says of its model what that model was when it was written.</summary>
public sealed class RunCardTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_card_ends_at_its_models_step()
    {
        ModelCard card = Card(last: 2);
        Assert.Equal("2 of 128 tokens", Said(card, "Training", "steps"));
        Assert.Equal("20.00", Said(card, "Figures", "training loss, last step"));
        Assert.Equal("200.0 nats a token", Said(card, "Figures", "validation loss"));
        Assert.Equal([200, Math.Exp(200)], card.Figures.Select(figure => figure.Value));
    }

    [Fact]
    public void A_validation_of_an_earlier_step_says_so_and_is_no_figure_of_the_model()
    {
        ModelCard card = Card(last: 3);
        Assert.Equal("200.0 nats a token, after step 2", Said(card, "Figures", "validation loss"));
        Assert.Empty(card.Figures);
    }

    [Fact]
    public void Of_a_whole_run_the_last_figures_count() => Assert.Equal("400.0 nats a token", Said(Card(int.MaxValue), "Figures", "validation loss"));

    // Four steps with losses 10 to 40, and validations of 200 and 400 after each second one.
    ModelCard Card(int last)
    {
        using (MetricsLog log = new(_folder["metrics.jsonl"], 0))
            for (int step = 1; step <= 4; step++)
            {
                log.Stepped(new(step, 10 * step, 0.1f, 1, 128 * step, 0.5));
                if (step % 2 == 0)
                    log.Evaluated(new(step, 100 * step, 1, 0));
            }
        Recipe recipe = RecipeFile.Read(_folder.Write("recipe.yaml", TinyRun.Recipe()), "model.vocab_size=300");
        return RunCard.Of(recipe, _folder.Root, last);
    }

    static string Said(ModelCard card, string table, string word) =>
        card.Tables.Single(part => part.Title == table).Rows.Single(row => row.Word == word).Value;
}
