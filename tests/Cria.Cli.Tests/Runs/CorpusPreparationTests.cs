using System.Text;
using Cria.Cli.Recipes;
using Cria.Cli.Runs;
using Cria.Data;
using Cria.Data.Readers;
using Cria.Data.Stories;
using Cria.Data.Tokenizers;
using Cria.Interop.HuggingFace;
using Cria.Training.Recipes;

namespace Cria.Cli.Tests.Runs;

/// <summary>A corpus is prepared once a run, and its sources may then go.</summary>
public sealed class CorpusPreparationTests : IDisposable
{
    readonly TemporaryFolder _folder = new();
    readonly List<string> _told = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_prepared_needs_neither_its_corpus_nor_its_tokenizer_again()
    {
        Recipe recipe = Sources();
        int size = Prepare(recipe).Tokenizer.VocabSize;
        _told.Clear();
        File.Delete(_folder["corpus.txt"]);
        File.Delete(_folder["held.txt"]);
        Directory.Delete(_folder["tok"], recursive: true);
        PreparedCorpus again = Prepare(recipe);
        Assert.Empty(_told);
        Assert.Equal(size, again.Tokenizer.VocabSize);
        Assert.NotEmpty(Directory.GetFiles(Assert.Single(again.Train)));
    }

    [Fact]
    public void A_source_that_changed_is_prepared_anew()
    {
        Recipe recipe = Sources();
        Prepare(recipe);
        _told.Clear();
        File.AppendAllText(_folder["held.txt"], $"\n{Document.Separator}\nOne more story, which is not like any of the others at all.\n");
        Prepare(recipe);
        Assert.NotEmpty(_told);
    }

    [Fact]
    public void A_source_that_was_never_there_is_named_and_nothing_prepared_is_lost()
    {
        Recipe recipe = Sources();
        string shards = Assert.Single(Prepare(recipe).Train);
        string absent = _folder["absent.txt"];
        Recipe other = recipe with { Data = recipe.Data with { Train = [absent] } };
        string message = Assert.Throws<DataException>(() => Prepare(other)).Message;
        Assert.Contains(absent, message, StringComparison.Ordinal);
        Assert.Contains("data.train", message, StringComparison.Ordinal);
        Assert.NotEmpty(Directory.GetFiles(shards));
        _told.Clear();
        Prepare(recipe);
        Assert.Empty(_told);
    }

    [Fact]
    public void With_shards_an_absent_tokenizer_is_named_too()
    {
        Recipe recipe = Sources();
        PreparedCorpus corpus = Prepare(recipe);
        string absent = _folder["absent"];
        Recipe ofShards = recipe with
        {
            Data = recipe.Data with { Train = [.. corpus.Train], Validation = [corpus.Validation] },
            Tokenizer = recipe.Tokenizer with { Path = absent },
        };
        Assert.Contains("tokenizer.path", Assert.Throws<DataException>(() => Prepare(ofShards)).Message, StringComparison.Ordinal);
    }

    Recipe Sources()
    {
        var generator = new StoryGenerator(3);
        string[] stories = [.. Enumerable.Range(0, 120).Select(index => generator.At(index).Text)];
        string between = $"\n{Document.Separator}\n";
        _folder.Write("corpus.txt", string.Join(between, stories[..100]));
        _folder.Write("held.txt", string.Join(between, stories[100..]));
        var texts = stories.Select(story => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(story));
        TokenizerJson.WriteFolder(BpeTrainer.Train(texts, new() { VocabSize = 300, Threads = 1 }), _folder["tok"]);
        Recipe recipe = RecipeFile.Read(_folder.Write("recipe.yaml", TinyRun.Recipe()));
        return recipe with
        {
            Data = recipe.Data with { Synth = null, Train = [_folder["corpus.txt"]], Validation = [_folder["held.txt"]] },
            Tokenizer = recipe.Tokenizer with { Path = _folder["tok"] },
        };
    }

    PreparedCorpus Prepare(Recipe recipe) => new CorpusPreparation(recipe, _folder["data"], 1, _told.Add, CancellationToken.None).Run();
}
