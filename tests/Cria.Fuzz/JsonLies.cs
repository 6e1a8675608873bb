using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Cria.Fuzz;

/// <summary>One value of a JSON text made into another: of another type, too large, missing, said twice.</summary>
static class JsonLies
{
    const int DeepArrays = 900, LongText = 10_000;

    /// <summary>Stands for half of a surrogate pair, which no writer would write.</summary>
    const string HalfPair = "\u0001half\u0001";

    public static byte[] Lie(Random random, ReadOnlySpan<byte> good)
    {
        var root = JsonNode.Parse(good)!;
        var nodes = new List<JsonNode>();
        Collect(root, nodes);
        var node = nodes[random.Next(nodes.Count)];
        if (random.Next(8) == 0 && node is JsonObject { Count: > 0 } twice)
            return SaidTwice(random, root, twice);
        switch (node.Parent)
        {
            case JsonObject parent:
                string name = node.GetPropertyName();
                if (random.Next(6) == 0)
                    parent.Remove(name);
                else
                    parent[name] = Other(random, node, nodes);
                break;
            case JsonArray parent:
                int index = node.GetElementIndex();
                if (random.Next(6) == 0)
                    parent.RemoveAt(index);
                else if (random.Next(6) == 0)
                    parent.Add(node.DeepClone());
                else
                    parent[index] = Other(random, node, nodes);
                break;
            default:
                return Bytes(Other(random, node, nodes));
        }
        return Bytes(root);
    }

    static JsonNode? Other(Random random, JsonNode node, List<JsonNode> nodes)
    {
        if (random.Next(2) == 0 && node is JsonValue number && number.TryGetValue(out long truth))
            return JsonValue.Create(unchecked((long)Lies.Number(random, (ulong)truth, 1 << 16)));
        return random.Next(15) switch
        {
            0 => null,
            1 => JsonValue.Create(true),
            2 => JsonValue.Create(-1),
            3 => JsonValue.Create(long.MaxValue),
            4 => JsonValue.Create(ulong.MaxValue),
            5 => JsonValue.Create(1e308),
            6 => JsonValue.Create(0.5),
            7 => JsonValue.Create(""),
            8 => JsonValue.Create(new string((char)random.Next(1, 0x3000), random.Next(1, LongText))),
            9 => JsonValue.Create(random.Next(100_000).ToString(CultureInfo.InvariantCulture)),
            10 => new JsonObject(),
            11 => new JsonArray(),
            12 => Deep(),
            13 => JsonValue.Create(HalfPair),
            _ => nodes[random.Next(nodes.Count)].DeepClone(),
        };
    }

    static JsonArray Deep()
    {
        var inner = new JsonArray();
        for (int i = 0; i < DeepArrays; i++)
            inner = [inner];
        return inner;
    }

    static byte[] SaidTwice(Random random, JsonNode root, JsonObject parent)
    {
        const string Mark = "\u0001twice\u0001";
        string name = parent.ElementAt(random.Next(parent.Count)).Key;
        parent[Mark] = parent[name]?.DeepClone();
        string text = root.ToJsonString();
        text = text.Replace(JsonSerializer.Serialize(Mark), JsonSerializer.Serialize(name), StringComparison.Ordinal);
        return Encoding.UTF8.GetBytes(text);
    }

    static byte[] Bytes(JsonNode? root)
    {
        string text = root?.ToJsonString() ?? "null";
        return Encoding.UTF8.GetBytes(text.Replace(JsonSerializer.Serialize(HalfPair), "\"\\ud800\"", StringComparison.Ordinal));
    }

    static void Collect(JsonNode node, List<JsonNode> nodes)
    {
        nodes.Add(node);
        foreach (var child in node switch
        {
            JsonObject o => o.Select(pair => pair.Value),
            JsonArray a => a.AsEnumerable(),
            _ => [],
        })
            if (child is not null)
                Collect(child, nodes);
    }
}
