using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Cria.Cli.Recipes;

/// <summary>YAML to nodes, with limits: a recipe is small and shallow, and a hostile file is neither.</summary>
static class YamlText
{
    public const int MaxBytes = 1 << 18;
    const int MaxDepth = 32;

    /// <summary>The mapping that the text holds.</summary>
    /// <exception cref="RecipeException">It is no YAML, or no mapping.</exception>
    public static YamlMappingNode Mapping(string text, string name) => Node(text, name) switch
    {
        YamlMappingNode mapping => mapping,
        null => throw new RecipeException($"{name} is empty; expected a recipe such as recipes/quickstart.yaml."),
        YamlNode other => throw new RecipeException($"{name}:{other.Start.Line}: expected keys and values, such as 'steps: 1000'."),
    };

    /// <summary>The node that the text holds, or null for nothing.</summary>
    public static YamlNode? Node(string text, string name)
    {
        try
        {
            CheckDepth(text, name);
            YamlStream stream = [];
            stream.Load(new StringReader(text));
            return stream.Documents.Count switch
            {
                0 => null,
                1 => stream.Documents[0].RootNode,
                _ => throw new RecipeException($"{name} holds {stream.Documents.Count} documents; expected one."),
            };
        }
        catch (YamlException e)
        {
            throw new RecipeException($"{name}:{e.Start.Line}: this is not YAML: {e.Message.TrimEnd('.')}.");
        }
        catch (InvalidOperationException) // how the parser meets a text that ends inside a block
        {
            throw new RecipeException($"{name}: this is not YAML: it ends inside a bracket or a quote.");
        }
    }

    // The loader is recursive: thousands of open brackets would end the process.
    static void CheckDepth(string text, string name)
    {
        Parser parser = new(new StringReader(text));
        int depth = 0;
        while (parser.MoveNext())
        {
            depth += parser.Current?.NestingIncrease ?? 0;
            if (depth > MaxDepth)
                throw new RecipeException($"{name}:{parser.Current?.Start.Line}: nested deeper than {MaxDepth}; no recipe is.");
        }
    }
}
