using System.Text;

namespace Cria.Data.Cleaning.BabyLm;

/// <summary>The ten domains, found by a file's name.</summary>
static class BabyLmDomains
{
    static readonly IBabyLmDomain[] All =
    [
        new AoChildes(), new BncSpoken(), new Cbt(), new ChildrenStories(), new Gutenberg(),
        new OpenSubtitles(), new Qed(), new SimpleWikipedia(), new Switchboard(), new Wikipedia(),
    ];

    /// <summary>The domain of <c>STEM.train</c> or <c>STEM.dev</c>.</summary>
    /// <exception cref="DataException">The name is of no such file.</exception>
    public static IBabyLmDomain Of(string path)
    {
        string stem = Path.GetFileNameWithoutExtension(path);
        string ending = Path.GetExtension(path);
        if (ending is not (".train" or ".dev"))
        {
            throw new DataException($"{path} ends in \"{ending}\"; BabyLM's files end in .train or .dev, and their cleaners are " +
                "chosen by their names: give the file its own name.");
        }

        return All.FirstOrDefault(domain => domain.Stem == stem) ?? throw new DataException(
            $"{path}: there is no BabyLM cleaner for \"{stem}\"; the ten are {string.Join(", ", All.Select(domain => domain.Stem))}.");
    }

    /// <summary>A file's text as Python reads one: UTF-8, <c>\r\n</c> and a lone <c>\r</c> made <c>\n</c>.</summary>
    /// <exception cref="DataException">The file cannot be read, is no UTF-8, or is longer than a text can be.</exception>
    public static string Read(string path)
    {
        const long Longest = 1 << 30; // half of what a string of the runtime holds; cleaning makes a second one
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16);
            if (file.Length > Longest)
                throw new DataException($"{path} has {file.Length} bytes; at most {Longest} can be cleaned as one text: cut it into files.");
            byte[] bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            string text = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(bytes);
            return text.Contains('\r', StringComparison.Ordinal) ? text.ReplaceLineEndingsAsPython() : text;
        }
        catch (DecoderFallbackException e)
        {
            throw new DataException($"{path} is not UTF-8 (at byte {e.Index}); convert it, or fetch it again.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{path} could not be read: {e.Message.TrimEnd('.')}; check the file and its rights.", e);
        }
    }

    static string ReplaceLineEndingsAsPython(this string text) =>
        text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
}
