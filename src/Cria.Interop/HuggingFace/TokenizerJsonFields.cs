using System.Text.Json;
using Cria.Data;

namespace Cria.Interop.HuggingFace;

/// <summary>Values of a tokenizer.json that stand under a token's name.</summary>
static class TokenizerJsonFields
{
    public static int Id(string path, JsonElement value, string token) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int id) && id >= 0
            ? id
            : throw new DataException(
                $"{path}: the id of '{token}' is {value.GetRawText()}; expected a number from 0.");
}
