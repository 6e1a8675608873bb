using Cria.Interop.TensorBoard;
using Cria.Tests;

namespace Cria.Interop.Tests.TensorBoard;

public sealed class EventFileTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("cria-events-").FullName;

    string File => Path.Combine(_folder, EventFileWriter.NameFor(1_795_371_295.7));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_second_reader_finds_what_was_written_and_its_checksums_hold()
    {
        Write();
        var events = EventFile.Read(File);
        Assert.Equal(4, events.Count);
        Assert.Equal(("brain.Event:2", 1_795_371_295.7), (events[0].Version, events[0].WallTime));
        Assert.Equal((300L, 12.5), (events[1].Step, events[1].WallTime));
        Assert.Equal(new Dictionary<string, float> { ["train/loss"] = 2.5f, ["optim/learning_rate"] = 1e-3f }, events[1].Values);
        Assert.Equal(new Dictionary<string, string> { ["sample"] = "Es war einmal – „ein“ 🦙" }, events[2].Texts);
        Assert.Equal(5_000_000_000, events[2].Step);
        Assert.True(events[3].IsStart);
        Assert.Equal(301, events[3].Step);
    }

    [Fact]
    public void What_is_not_a_number_stays_what_it_is()
    {
        using (EventFileWriter writer = new(File, 1))
            writer.Scalars(1, 1, [("a", double.NaN), ("b", double.NegativeInfinity)]);
        Assert.Equal([float.NaN, float.NegativeInfinity], EventFile.Read(File)[1].Values.Values);
    }

    [Fact]
    public void A_file_cut_anywhere_has_all_records_before_the_cut()
    {
        Write();
        byte[] whole = System.IO.File.ReadAllBytes(File);
        int before = 0;
        for (int length = 0; length <= whole.Length; length++)
        {
            System.IO.File.WriteAllBytes(File, whole[..length]);
            int count = EventFile.Read(File).Count;
            Assert.InRange(count, before, before + 1);
            before = count;
        }
        Assert.Equal(4, before);
    }

    [Fact]
    public void A_flipped_bit_anywhere_is_found()
    {
        Write();
        byte[] whole = System.IO.File.ReadAllBytes(File);
        for (int at = 0; at < whole.Length; at++)
        {
            whole[at] ^= 4;
            System.IO.File.WriteAllBytes(File, whole);
            Assert.Throws<InvalidDataException>(() => EventFile.Read(File));
            whole[at] ^= 4;
        }
    }

    [Fact]
    public void An_older_file_is_not_written_over()
    {
        Write();
        byte[] before = System.IO.File.ReadAllBytes(File);
        Assert.Throws<IOException>(() => new EventFileWriter(File, 1));
        Assert.Equal(before, System.IO.File.ReadAllBytes(File));
    }

    void Write()
    {
        using EventFileWriter writer = new(File, 1_795_371_295.7);
        writer.Scalars(12.5, 300, [("train/loss", 2.5), ("optim/learning_rate", 1e-3)]);
        writer.Text(13, 5_000_000_000, "sample", "Es war einmal – „ein“ 🦙");
        writer.Restart(14, 301);
    }
}
