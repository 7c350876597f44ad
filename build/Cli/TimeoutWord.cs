using System.Globalization;
using InstanceKit;
using InstanceKit.Instances;
using InstanceKit.Models;

namespace Cli;

/// <summary>The word after <c>--timeout</c>: seconds, or a duration with units.</summary>
internal static class TimeoutWord
{
    /// <summary>The default time limit of <c>Wait</c>.</summary>
    public static readonly TimeSpan DefaultOfWait = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(24);

    /// <summary>Parses the word; nothing means <see cref="ManagerOptions.DefaultTimeout"/>.</summary>
    /// <returns>One second to 24 hours.</returns>
    /// <exception cref="InstanceKitException">The word is not a duration, or out of that range.</exception>
    public static TimeSpan Parse(string? word) => Parse(word, ManagerOptions.DefaultTimeout);

    /// <summary>The same, with another duration for no word.</summary>
    public static TimeSpan Parse(string? word, TimeSpan fallback)
    {
        if (word is null)
            return fallback;

        TimeSpan duration;
        try
        {
            duration = double.TryParse(word, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
                ? TimeSpan.FromSeconds(seconds)
                : GoDuration.Parse(word);
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            throw Error(word, e is FormatException ? "is not a valid duration" : "is too long");
        }

        return duration < Shortest ? throw Error(word, "is too short")
            : duration > Longest ? throw Error(word, "is too long")
            : duration;
    }

    private static InstanceKitException Error(string word, string reason) => InstanceKitException.Usage(
        $"--timeout '{word}' {reason}.", "Use seconds (120) or a duration (90s, 2m, 1m30s), from 1s to 24h.");
}
