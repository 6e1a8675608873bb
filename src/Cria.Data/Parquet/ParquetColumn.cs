namespace Cria.Data.Parquet;

/// <summary>A column: a leaf of the schema.</summary>
/// <param name="Name">Its path, names joined by dots: <c>text</c>, <c>meta.title</c>.</param>
/// <param name="Index">Its place among the columns of every row group.</param>
/// <param name="PhysicalType">How its values are stored (parquet.thrift, Type).</param>
/// <param name="DefinitionLevel">The level of a value that is there; below it, it or a parent is null.</param>
/// <param name="IsRepeated">Whether a row may have several values.</param>
/// <param name="Meaning">What the bytes stand for; null where the file does not say.</param>
sealed record ParquetColumn(string Name, int Index, int PhysicalType, int DefinitionLevel, bool IsRepeated, string? Meaning)
{
    const int ByteArray = 6;

    static readonly string[] Types = ["BOOLEAN", "INT32", "INT64", "INT96", "FLOAT", "DOUBLE", "BYTE_ARRAY", "FIXED_LEN_BYTE_ARRAY"];

    /// <summary>Whether it has one text (or none) a row: writers of old do not mark texts as such.</summary>
    public bool IsText => PhysicalType == ByteArray && !IsRepeated
        && Meaning is null or ColumnMeaning.String or ColumnMeaning.Enum or ColumnMeaning.Json;

    /// <summary>What it holds, for a person.</summary>
    public string Description => IsRepeated ? "a list" : Meaning
        ?? (PhysicalType >= 0 && PhysicalType < Types.Length ? Types[PhysicalType] : $"values of the unknown type {PhysicalType}");
}

/// <summary>What values stand for: logical types, and converted types in files of old (LogicalTypes.md of Apache
/// Parquet).</summary>
static class ColumnMeaning
{
    public const string String = "STRING", Enum = "ENUM", Json = "JSON";

    static readonly string[] Logical =
    [
        "UNKNOWN", String, "MAP", "LIST", Enum, "DECIMAL", "DATE", "TIME", "TIMESTAMP", "INTERVAL", "INTEGER", "NULL", Json, "BSON",
        "UUID", "FLOAT16", "VARIANT", "GEOMETRY", "GEOGRAPHY",
    ];

    static readonly string[] Converted =
    [
        String, "MAP", "MAP_KEY_VALUE", "LIST", Enum, "DECIMAL", "DATE", "TIME_MILLIS", "TIME_MICROS", "TIMESTAMP_MILLIS",
        "TIMESTAMP_MICROS", "UINT_8", "UINT_16", "UINT_32", "UINT_64", "INT_8", "INT_16", "INT_32", "INT_64", Json, "BSON", "INTERVAL",
    ];

    public static string OfLogicalType(int field) => field > 0 && field < Logical.Length ? Logical[field] : "UNKNOWN";

    public static string OfConvertedType(int type) => type >= 0 && type < Converted.Length ? Converted[type] : "UNKNOWN";
}
