namespace Cria.Fuzz;

/// <summary>A file format under attack.</summary>
interface IFormat
{
    string Name { get; }

    /// <summary>Makes a good file, and whatever must lie beside it, in an empty folder; the file's path.</summary>
    string Make(string folder);

    /// <summary>The file with a lie where its structure keeps a length, an offset, a count, a type or a number.</summary>
    byte[] Lie(Random random, byte[] good);

    /// <summary>Reads everything that a program would read of it.</summary>
    /// <param name="path">The file, damaged perhaps.</param>
    /// <param name="device">Where weights go: it holds them to what the file can have.</param>
    void Read(string path, MeteredDevice device);

    /// <summary>Bytes in memory that one byte of the file may stand for: 2, but for weights that are kept in fewer bits.</summary>
    int Expansion => 2;

    /// <summary>Bytes of the device that any file may have whatever its size: a table of positions.</summary>
    long Granted => 0;
}
