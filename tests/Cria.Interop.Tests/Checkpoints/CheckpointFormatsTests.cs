using Cria.Engine.Tensors;
using Cria.Interop.Checkpoints;
using Cria.Interop.HuggingFace;
using Cria.Interop.Tests.HuggingFace;
using Cria.Models;

namespace Cria.Interop.Tests.Checkpoints;

/// <summary>What all formats have in common: where they write, and what they say.</summary>
public sealed class CheckpointFormatsTests : IDisposable
{
    readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("file/model"), InlineData("file/deeper/model")]
    public void A_place_where_no_folder_can_be_is_refused_with_the_path(string place)
    {
        _folder.Write("file", "mine");
        using var model = MadeModel.Of(MadeModel.Llama);
        foreach (var format in CheckpointFormats.Writable)
            ConfigJsonTests.Refused($"{_folder[place]} cannot be made",
                () => CheckpointFormats.Write(format, _folder[place], model, new(), new()));
        Assert.Equal("mine", File.ReadAllText(_folder["file"]));
    }

    [Fact]
    public void What_another_program_with_this_process_id_left_stays()
    {
        string other = _folder.Write($"new.{Environment.ProcessId}.tmp", "theirs");
        using var model = MadeModel.Of(MadeModel.Llama);
        CheckpointFormats.Write(HuggingFaceFormat.Instance, _folder["new"], model, new(), new());
        Assert.Equal("theirs", File.ReadAllText(other));
        Assert.Equal([_folder["new"], other], Directory.GetFileSystemEntries(_folder.Root).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Weights_that_are_too_few_for_the_config_are_refused_with_the_path()
    {
        using var few = new Few();
        ConfigJsonTests.Refused("some/where: the config makes a model of", () => few.Model(CpuDevice.Instance).Dispose());
    }

    [Theory]
    [InlineData("hf"), InlineData("gguf"), InlineData("llama2c")]
    public void A_checkpoint_knows_its_path(string name)
    {
        using var model = MadeModel.Of(MadeModel.Llama);
        CheckpointFormats.Write(CheckpointFormats.Writable.Single(format => format.Name == name), _folder["x.bin"], model, new(), new());
        using var opened = CheckpointFormats.Open(_folder["x.bin"]);
        Assert.Equal(_folder["x.bin"], opened.Path);
    }

    sealed class Few : Checkpoint
    {
        public override string Path => "some/where";

        public override ModelConfig Config => MadeModel.Llama;

        public override CheckpointContents Contents => new();

        public override long WeightBytes => 4 * WeightNumbers;

        public override long WeightNumbers => 7;

        public override string WeightTypes => "F32";

        public override void Load(ILanguageModel model, Action<long>? loaded = null, CancellationToken cancellation = default) =>
            throw new InvalidOperationException("nothing may be loaded");
    }
}
