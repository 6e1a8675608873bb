using System.Text.Json;

namespace Cria.Data.Fetching;

/// <summary>What the head of a dataset's card declares about its files, as the API gives it.</summary>
static class HubCard
{
    /// <summary>Its configurations; what does not have the form is left out.</summary>
    public static List<HubConfig> Configs(JsonElement card)
    {
        List<HubConfig> configs = [];
        if (card.ValueKind != JsonValueKind.Object || !card.TryGetProperty("configs", out JsonElement list) || list.ValueKind != JsonValueKind.Array)
            return configs;
        foreach (JsonElement item in list.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.Object))
        {
            string name = Text(item, "config_name") ?? HubLayout.DefaultConfig;
            string folder = Text(item, "data_dir")?.Trim('/') is { Length: > 0 } directory ? directory + "/" : "";
            List<(string? Split, string Pattern)> parts = item.TryGetProperty("data_files", out JsonElement files)
                ? [.. Parts(files, null, folder)]
                : folder.Length > 0 ? [(null, folder + "**")] : [];
            if (parts.Count > 0)
                configs.Add(new HubConfig(name, item.TryGetProperty("default", out JsonElement isDefault) && isDefault.ValueKind == JsonValueKind.True, parts));
        }

        return configs;
    }

    /// <summary>A pattern, a list of them, or a list of <c>{split, path}</c>.</summary>
    static IEnumerable<(string? Split, string Pattern)> Parts(JsonElement files, string? split, string folder) => files.ValueKind switch
    {
        JsonValueKind.String => [(split, folder + files.GetString())],
        JsonValueKind.Array => files.EnumerateArray().SelectMany(item => Parts(item, split, folder)),
        JsonValueKind.Object when files.TryGetProperty("path", out JsonElement path) && path.ValueKind != JsonValueKind.Object =>
            Parts(path, Text(files, "split"), folder),
        _ => [],
    };

    static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
