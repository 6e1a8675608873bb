using System.Runtime.InteropServices;

namespace Cria.Cli.Verbs;

/// <summary>Whether a native library can be loaded.</summary>
/// <param name="What">What it is for.</param>
/// <param name="Name">The name under which it was found; null if none was.</param>
/// <param name="Why">Why it was not found.</param>
/// <param name="Use">What this version does with it.</param>
sealed record NativeLibraryFinding(string What, string? Name, string? Why, string Use)
{
    public static NativeLibraryFinding Look(string what, string use, params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (NativeLibrary.TryLoad(name, out nint library))
            {
                NativeLibrary.Free(library);
                return new NativeLibraryFinding(what, name, null, use);
            }
        }

        return new NativeLibraryFinding(what, null, $"the loader found none of {string.Join(", ", names.ToArray())}", use);
    }
}
