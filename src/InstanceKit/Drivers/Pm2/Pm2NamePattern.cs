using System.Globalization;

namespace InstanceKit.Drivers;

/// <summary>Names apps to PM2 so that exactly they are meant, several in one command.</summary>
/// <remarks>
/// PM2 takes a plain name also for an id, a namespace or the word "all", and ends at the first of several that is
/// missing. A pattern between slashes is compared with names alone.
/// </remarks>
public static class Pm2NamePattern
{
    /// <summary>The pattern that matches these names and no other: <c>/^(?:web-1|api-1)$/</c>.</summary>
    /// <param name="names">The names, at least one.</param>
    public static string Of(IEnumerable<string> names) => $"/^(?:{string.Join('|', names.Distinct().Select(Escape))})$/";

    private static string Escape(string name) => string.Concat(name.Select(
        c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' ? c.ToString() : $"\\u{((int)c).ToString("x4", CultureInfo.InvariantCulture)}"));
}
