using Cria.Data.Shards;

namespace Cria.Data.Tests.Shards;

/// <summary>A disk under a process that is killed at one of its steps: a write then leaves half of its bytes, and nothing
/// later happens at all.</summary>
sealed class CrashingStorage(long steps) : ShardStorage
{
    long _left = steps;

    public bool HasCrashed { get; private set; }

    public override Stream Open(string path, long length)
    {
        Step();
        return new CrashingStream(this, base.Open(path, length));
    }

    public override void Replace(string from, string to)
    {
        Step();
        UnflushedDisk.Instance.Replace(from, to);
    }

    public override void MoveFolder(string from, string to)
    {
        Step();
        base.MoveFolder(from, to);
    }

    public override void Delete(string path)
    {
        Step();
        base.Delete(path);
    }

    public override void Flush(Stream file) => Step();

    public override void FlushFolder(string folder) => Step();

    void Step()
    {
        if (HasCrashed || --_left < 0)
            throw Crash();
    }

    CrashException Crash()
    {
        HasCrashed = true;
        return new CrashException();
    }

    sealed class CrashingStream(CrashingStorage storage, Stream inner) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => inner.Length;

        public override long Position { get => inner.Position; set => throw new NotSupportedException(); }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            if (storage.HasCrashed || --storage._left < 0)
            {
                if (!storage.HasCrashed)
                    inner.Write(buffer[..(buffer.Length / 2)]);
                throw storage.Crash();
            }

            inner.Write(buffer);
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Flush() => inner.Flush();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                inner.Dispose();
            base.Dispose(disposing);
        }
    }
}

/// <summary>The process is gone.</summary>
sealed class CrashException() : Exception("crashed");
