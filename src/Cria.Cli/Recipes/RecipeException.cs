using Cria.Cli.Frame;

namespace Cria.Cli.Recipes;

/// <summary>A recipe that says what cannot be: file, line, the value, what was expected. Wrong use, exit code 2.</summary>
sealed class RecipeException(string message) : UsageException(message);
