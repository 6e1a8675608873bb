using Cria.Engine.Tensors;
using Cria.Interop.Tests.HuggingFace;

namespace Cria.Interop.Tests.Safetensors;

/// <summary>Headers that lie about a file of 16 bytes of data, one lie each, and the words that say which.</summary>
public sealed class LieTests : IDisposable
{
    const string Whole = "\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,16]";

    readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("{\"x\":{" + Whole + "}}")]
    [InlineData("{\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,16]},\"y\":{\"dtype\":\"I64\",\"shape\":[],\"data_offsets\":[0,8]}}  \n")]
    [InlineData("{\"none\":{\"dtype\":\"F64\",\"shape\":[0,7],\"data_offsets\":[16,16]},\"x\":{" + Whole + ",\"note\":{\"a\":[1]}}}")]
    [InlineData("{\"x\":{\"dtype\":\"F4\",\"shape\":[32],\"data_offsets\":[0,16]},\"__metadata__\":{}}")]
    public void A_header_that_tells_the_truth_is_read(string header) => Read(header);

    [Theory]
    [InlineData("not JSON at all", "not the JSON")]
    [InlineData("", "not the JSON")]
    [InlineData("[1,2]", "not a JSON object")]
    [InlineData("{\"x\":{" + Whole + "}", "not the JSON")]
    [InlineData("{\"x\":{" + Whole + "}}{}", "not the JSON")]
    [InlineData("{\"x\":7}", "x is not an object")]
    [InlineData("{\"x\":{\"shape\":[4],\"data_offsets\":[0,16]}}", "no dtype")]
    [InlineData("{\"x\":{\"dtype\":\"F32\",\"data_offsets\":[0,16]}}", "no shape")]
    [InlineData("{\"x\":{\"dtype\":\"F32\",\"shape\":[4]}}", "no data_offsets")]
    [InlineData("{\"x\":{\"dtype\":7,\"shape\":[4],\"data_offsets\":[0,16]}}", "dtype of x is not a text")]
    [InlineData("{\"x\":{\"dtype\":\"Q3\",\"shape\":[4],\"data_offsets\":[0,16]}}", "unknown type 'Q3'")]
    [InlineData("{\"x\":{\"dtype\":\"F32\",\"shape\":4,\"data_offsets\":[0,16]}}", "shape of x is not a list")]
    [InlineData("{\"x\":{\"dtype\":\"F32\",\"shape\":[4.5],\"data_offsets\":[0,16]}}", "shape of x holds")]
    [InlineData("{\"x\":{\"dtype\":\"F32\",\"shape\":[-2,-2],\"data_offsets\":[0,16]}}", "shape of x holds")]
    [InlineData("{\"x\":{\"dtype\":\"F32\",\"shape\":[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,4],\"data_offsets\":[0,16]}}", "more than 16")]
    [InlineData("{\"x\":{\"dtype\":\"F32\",\"shape\":[99999999999],\"data_offsets\":[0,16]}}", "size of 99,999,999,999")]
    [InlineData("{\"x\":{\"dtype\":\"F32\",\"shape\":[65536,65536,65536,65536],\"data_offsets\":[0,0]}}", "is not 0 bytes")] // 0 in 64 bits
    [InlineData("{\"x\":{\"dtype\":\"F32\",\"shape\":[2147483647,2147483647,2147483647,2147483647],\"data_offsets\":[0,16]}}", "is not 16 bytes")]
    [InlineData("{\"x\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,16]}}", "F32 of 3, which is not 16 bytes")]
    [InlineData("{\"x\":{\"dtype\":\"F16\",\"shape\":[4],\"data_offsets\":[0,16]}}", "F16 of 4, which is not 16 bytes")]
    [InlineData("{\"x\":{\"dtype\":\"F64\",\"shape\":[4],\"data_offsets\":[0,16]}}", "F64 of 4, which is not 16 bytes")]
    [InlineData("{\"x\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0]}}", "1 numbers and not two")]
    [InlineData("{\"x\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[-4,12]}}", "data_offsets of x holds")]
    [InlineData("{\"x\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,1e30]}}", "data_offsets of x holds")]
    [InlineData("{\"x\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[16,0]}}", "cut or damaged")]
    [InlineData("{\"x\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[4,20]}}", "cut or damaged")]
    [InlineData("{\"x\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,9223372036854775807]}}", "cut or damaged")]
    [InlineData("{\"x\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[4,16]}}", "4 bytes between the header and x")]
    [InlineData("{\"x\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,12]}}", "4 bytes after x belong to no tensor")]
    [InlineData("{}", "16 bytes after the header belong to no tensor")]
    [InlineData("{\"x\":{\"dtype\":\"U8\",\"shape\":[7],\"data_offsets\":[0,7]},\"y\":{\"dtype\":\"U8\",\"shape\":[8],\"data_offsets\":[8,16]}}", "1 bytes between x and y")]
    [InlineData("{\"x\":{\"dtype\":\"U8\",\"shape\":[9],\"data_offsets\":[0,9]},\"y\":{\"dtype\":\"U8\",\"shape\":[8],\"data_offsets\":[8,16]}}", "y overlaps x")]
    [InlineData("{\"x\":{" + Whole + "},\"y\":{" + Whole + "}}", "y overlaps x")]
    [InlineData("{\"x\":{" + Whole + "},\"y\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[8,8]}}", "y overlaps x")]
    [InlineData("{\"x\":{" + Whole + "},\"x\":{" + Whole + "}}", "two tensors are named x")]
    [InlineData("{\"x\":{" + Whole + "},\"\\u0078\":{" + Whole + "}}", "two tensors are named x")]
    [InlineData("{\"x\":{" + Whole + ",\"dtype\":\"F32\"}}", "x says dtype twice")]
    [InlineData("{\"x\":{" + Whole + ",\"data_offsets\":[0,16]}}", "x says data_offsets twice")]
    [InlineData("{\"__metadata__\":[1],\"x\":{" + Whole + "}}", "__metadata__ is not one object")]
    [InlineData("{\"__metadata__\":{\"a\":1},\"x\":{" + Whole + "}}", "a of its __metadata__ is not a text")]
    [InlineData("{\"__metadata__\":{\"a\":{\"b\":\"c\"}},\"x\":{" + Whole + "}}", "a of its __metadata__ is not a text")]
    [InlineData("{\"__metadata__\":{\"a\":\"b\",\"a\":\"c\"},\"x\":{" + Whole + "}}", "says a twice")]
    [InlineData("{\"__metadata__\":{\"a\":\"b\"},\"x\":{" + Whole + "},\"__metadata__\":{\"a\":\"b\"}}", "not one object")]
    [InlineData("{\"a\\nb\":7}", "a?b is not an object")]
    public void A_lie_is_refused_in_a_sentence_that_says_which(string header, string said)
    {
        string path = _folder.Safetensors("hostile.safetensors", header, new byte[16]);
        ConfigJsonTests.Refused(path, () => new SafetensorsReader(path).Dispose());
        ConfigJsonTests.Refused(said, () => new SafetensorsReader(path).Dispose());
    }

    [Fact]
    public void A_name_that_is_no_unicode_is_refused()
    {
        string path = _folder["bytes.safetensors"];
        byte[] header = [.. "{\""u8, 0xC3, 0x28, .. "\":{}}"u8];
        File.WriteAllBytes(path, [(byte)header.Length, 0, 0, 0, 0, 0, 0, 0, .. header]);
        ConfigJsonTests.Refused(path, () => new SafetensorsReader(path).Dispose());
    }

    void Read(string header) => new SafetensorsReader(_folder.Safetensors("true.safetensors", header, new byte[16])).Dispose();
}
