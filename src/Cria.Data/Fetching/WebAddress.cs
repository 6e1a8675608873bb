namespace Cria.Data.Fetching;

/// <summary>Addresses: which are taken, when two are the same server, and how one is shown.</summary>
static class WebAddress
{
    static readonly string[] Secrets = ["token", "sig", "key", "secret", "passw", "credential"];

    /// <exception cref="DataException">No address on the web, or one with a password in it.</exception>
    public static Uri Parse(string text)
    {
        bool isAddress = Uri.TryCreate(text, UriKind.Absolute, out Uri? address)
            && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps) && address.Host.Length > 0;
        if (!isAddress)
            throw new DataException($"\"{Unsigned(text)}\" is no address that can be fetched; expected http://… or https://….");
        return address!.UserInfo.Length == 0 ? address : throw new DataException(
            $"The address of {address.Host} holds a user name or password; such addresses are not fetched: leave it out.");
    }

    /// <summary>A hub's address, below which its pages and files are.</summary>
    /// <exception cref="DataException">It holds a password, a query or a fragment.</exception>
    public static Uri Endpoint(Uri address)
    {
        Parse(address.OriginalString);
        bool isBare = address.Query.Length == 0 && address.Fragment.Length == 0;
        return isBare ? address : throw new DataException(
            $"The hub's address on {address.Host} holds a '?' or '#', behind which no path can stand; leave out what begins there.");
    }

    /// <summary>The same scheme, host and port.</summary>
    public static bool IsSameServer(Uri a, Uri b) =>
        a.Scheme == b.Scheme && a.Port == b.Port && string.Equals(a.IdnHost, b.IdnHost, StringComparison.OrdinalIgnoreCase);

    /// <summary>Without what stands before an @: it may be a password.</summary>
    static string Unsigned(string text) => text.Contains('@', StringComparison.Ordinal) ? "…" + text[text.LastIndexOf('@')..] : text;

    /// <summary>The address as messages and records show it: values that look like secrets left out.</summary>
    public static string Shown(Uri address)
    {
        string bare = address.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);
        if (address.Query.Length <= 1)
            return bare;
        return bare + "?" + string.Join('&', address.Query[1..].Split('&').Select(pair =>
        {
            string name = pair.Split('=')[0];
            bool isSecret = Secrets.Any(word => name.Contains(word, StringComparison.OrdinalIgnoreCase));
            return isSecret ? name + "=…" : pair;
        }));
    }
}
