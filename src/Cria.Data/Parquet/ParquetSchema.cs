using System.Text;

namespace Cria.Data.Parquet;

/// <summary>The columns of a file: the leaves of its schema's tree, which the footer keeps as a list in pre-order.</summary>
static class ParquetSchema
{
    const int MaxDepth = 32;

    /// <summary>A column's path repeats the names of all that it lies in, so a small footer could claim gigabytes.</summary>
    const int MaxNameBytes = 4096, MaxPathLength = 4096, MaxPathsLength = 4 << 20;

    const int Required = 0, Repeated = 2;

    /// <summary>Reads the list of schema elements; the columns in the order in which row groups have them.</summary>
    public static ParquetColumn[] Read(ref ThriftReader thrift, ThriftType type)
    {
        int count = thrift.StructList(type);
        if (count == 0)
            throw new InvalidDataException("the schema is empty");
        var elements = new List<Element>(); // grows with what is there, not with what is claimed
        for (int i = 0; i < count; i++)
            elements.Add(ReadElement(ref thrift));

        var columns = new List<ParquetColumn>();
        int next = 1, characters = 0;
        for (int child = 0; child < elements[0].Children; child++)
            next = Walk(elements, next, new Parent("", 0, IsRepeated: false, Depth: 0), columns, ref characters);
        return next == count
            ? [.. columns]
            : throw new InvalidDataException($"{count - next} elements of the schema stand outside its tree");
    }

    static int Walk(List<Element> elements, int index, Parent parent, List<ParquetColumn> columns, ref int characters)
    {
        if (index >= elements.Count)
            throw new InvalidDataException("an element of the schema is missing");
        if (parent.Depth == MaxDepth)
            throw new InvalidDataException($"the schema is nested more than {MaxDepth} deep");
        Element element = elements[index++];
        int length = parent.Path.Length + 1 + element.Name.Length;
        if (length > MaxPathLength || (characters += length) > MaxPathsLength)
            throw new InvalidDataException("the schema's names are longer than a table of texts could have, one or all together");
        var here = new Parent(parent.Path.Length == 0 ? element.Name : $"{parent.Path}.{element.Name}",
            parent.DefinitionLevel + (element.Repetition == Required ? 0 : 1),
            parent.IsRepeated || element.Repetition == Repeated, parent.Depth + 1);
        if (element.Children == 0 && element.Type is { } type)
            columns.Add(new ParquetColumn(here.Path, columns.Count, type, here.DefinitionLevel, here.IsRepeated, element.Meaning));
        for (int child = 0; child < element.Children; child++)
            index = Walk(elements, index, here, columns, ref characters);
        return index;
    }

    static Element ReadElement(ref ThriftReader thrift)
    {
        int? type = null;
        int repetition = Required, children = 0;
        string? name = null, meaning = null;
        int outer = thrift.BeginStruct();
        while (thrift.NextField(out int id, out ThriftType field))
        {
            switch (id)
            {
                case 1:
                    type = thrift.Int32(field);
                    break;
                case 3:
                    repetition = thrift.Int32(field);
                    break;
                case 4:
                    name = Name(thrift.Binary(field));
                    break;
                case 5:
                    children = thrift.Int32(field);
                    break;
                case 6:
                    meaning ??= ColumnMeaning.OfConvertedType(thrift.Int32(field));
                    break;
                case 10:
                    meaning = LogicalType(ref thrift, field);
                    break;
                default:
                    thrift.Skip(field);
                    break;
            }
        }

        thrift.EndStruct(outer);
        if (repetition is < Required or > Repeated)
            throw new InvalidDataException($"a column has the unknown repetition {repetition}");
        return children >= 0
            ? new Element(name ?? throw new InvalidDataException("a column has no name"), type, repetition, children, meaning)
            : throw new InvalidDataException($"a column claims {children} children");
    }

    // A union: the one field that is there says which type it is.
    static string? LogicalType(ref ThriftReader thrift, ThriftType type)
    {
        if (type != ThriftType.Struct)
            throw new InvalidDataException("a column's logical type is no structure");
        string? meaning = null;
        int outer = thrift.BeginStruct();
        while (thrift.NextField(out int id, out ThriftType field))
        {
            meaning = ColumnMeaning.OfLogicalType(id);
            thrift.Skip(field);
        }

        thrift.EndStruct(outer);
        return meaning;
    }

    static string Name(ReadOnlySpan<byte> name) => name.Length <= MaxNameBytes
        ? Encoding.UTF8.GetString(name)
        : throw new InvalidDataException($"a column's name has {name.Length} bytes");

    readonly record struct Element(string Name, int? Type, int Repetition, int Children, string? Meaning);

    readonly record struct Parent(string Path, int DefinitionLevel, bool IsRepeated, int Depth);
}
