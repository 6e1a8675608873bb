namespace Cria.Data.Fetching;

/// <summary>The check sum of zip archives (ISO 3309: polynomial 0x04C11DB7, bits from the low end, inverted before and after).</summary>
struct Crc32()
{
    const uint Reflected = 0xEDB88320;

    static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(Entry)];

    uint _state = uint.MaxValue;

    public readonly uint Value => ~_state;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        uint state = _state;
        foreach (byte b in bytes)
            state = Table[(byte)(state ^ b)] ^ (state >> 8);
        _state = state;
    }

    static uint Entry(int b)
    {
        uint entry = (uint)b;
        for (int bit = 0; bit < 8; bit++)
            entry = (entry & 1) == 0 ? entry >> 1 : (entry >> 1) ^ Reflected;
        return entry;
    }
}
