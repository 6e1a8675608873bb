using System.Text;
using Cria.Cli.Recipes;
using Cria.Data.Readers;
using Cria.Data.Sampling;
using Cria.Data.Shards;
using Cria.Data.Tokenizers;
using Cria.Data.Tokenizers.Normalizers;
using Cria.Engine.Kernels;
using Cria.Engine.Tensors;
using Cria.Interop.HuggingFace;
using Cria.Models;
using Cria.Training;
using Cria.Training.Recipes;

namespace Cria.Cli.Tests.Recipes;

/// <summary>
/// Every recipe of BabyLlama trains twenty steps on real text. Depth is cut to two layers, sequences to 32 tokens and the vocabulary to
/// the text's, or the large ones would take hours here; width, heads, loss, optimizer and rate are theirs. That whole steps can
/// be planned, <see cref="PublishedRecipeTests"/> sees to.
/// </summary>
public sealed class BabyLlamaTrainingTests : IDisposable
{
    const int Steps = 20;

    static readonly string Folder = Path.Combine(LauncherTests.RepositoryRoot(), "recipes", "babyllama");

    readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Names => [.. new[] { "", "small", "three-way" }
        .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Folder, folder), "*.yaml").Select(path => Path.Combine(folder, Path.GetFileName(path))))
        .Where(name => !name.Contains("student", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal)];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void Twenty_steps_on_real_text_make_the_loss_fall(string name)
    {
        SlowTests.Only();
        using ShardSet text = Tokens();
        (ILanguageModel model, double[] losses) = Trained(name, text, []);
        model.Dispose();
        AssertFalls(losses);
    }

    [Theory]
    [InlineData("student-58M.yaml", "llama-360M.yaml", "gpt-705M.yaml")]
    [InlineData("small/student-1M.yaml", "small/llama-3M.yaml", "small/gpt-3M.yaml")]
    public void Twenty_steps_of_a_student_of_its_own_teachers_make_the_loss_fall(string name, string first, string second)
    {
        SlowTests.Only();
        using ShardSet text = Tokens();
        using ILanguageModel llama = Trained(first, text, []).Model, gpt = Trained(second, text, []).Model;
        (ILanguageModel model, double[] losses) = Trained(name, text, [llama, gpt]);
        model.Dispose();
        AssertFalls(losses);
    }

    static void AssertFalls(double[] losses)
    {
        double before = losses.Take(3).Average(), after = losses.TakeLast(3).Average();
        Assert.True(after < before - 0.1, $"the loss went from {before:F3} to {after:F3}");
    }

    static (ILanguageModel Model, double[] Losses) Trained(string name, ShardSet text, IReadOnlyList<ILanguageModel> teachers)
    {
        Recipe recipe = RecipeFile.Read(Path.Combine(Folder, name), "model.num_hidden_layers=2", "data.sequence_length=32", "batch.micro_batch_size=2",
            "batch.tokens_per_step=64", $"steps={Steps}", "schedule.warmup_steps=2", "data.reader={type: random_chunk, document_masks: false}",
            "guard.max_rollbacks=0", "checkpoint={background: false}", "evaluate={every: 0}");
        recipe = recipe with { Model = recipe.Model with { VocabSize = text.VocabSize } };
        ILanguageModel model = ModelCatalog.Create(recipe.Model, CpuDevice.Instance);
        model.Parameters.Allocate(withGradients: true);
        model.Parameters.Initialize(recipe.Seed);
        IKernels kernels = KernelChoice.Best(threads: 1);
        var reader = SampleReaders.Open(recipe.Data.Reader, text, recipe.Data.SequenceLength, recipe.Seed);
        double[] losses;
        using (Trainer trainer = new(recipe, new(model, reader, null, kernels) { Teachers = teachers }))
            losses = [.. Enumerable.Range(0, Steps).Select(_ => trainer.TrainStep().Loss)];
        (kernels as IDisposable)?.Dispose();
        return (model, losses);
    }

    // A quarter of a megabyte of the classics, in a small vocabulary of BabyLlama's kind.
    ShardSet Tokens()
    {
        string path = Path.Combine(TestData.Root, "classics", "children_train.txt");
        TestData.Need(path);
        byte[] bytes = new byte[1 << 18];
        using (FileStream file = File.OpenRead(path))
            file.ReadExactly(bytes);
        string read = Encoding.UTF8.GetString(bytes)[..^4].Replace(Document.Separator, "", StringComparison.Ordinal);
        BpeTrainerOptions options = new()
        {
            VocabSize = 1000,
            SpecialTokens = ["<pad>", "<s>", "</s>"],
            Normalizer = new UnicodeFormNormalizer(UnicodeForm.Nfkc),
            ByLine = true,
            AddPrefixSpace = true,
            Alphabet = ByteAlphabet.Seen,
        };
        BpeTraining learned = BpeTrainer.Learn([Encoding.UTF8.GetBytes(read)], options);
        ITokenizer tokenizer = (learned with { Options = options with { AddPrefixSpace = false } }).Tokenizer();
        new ShardPacker(tokenizer, TokenizerJson.TokenizerHash(tokenizer)).Pack([new Document(read, path, 1)], _folder["shards"]);
        return ShardSet.Open(_folder["shards"]);
    }
}
