using InstanceKit;
using InstanceKit.Drivers;

namespace Requests;

/// <summary>The word after <c>--since</c>.</summary>
internal static class SinceWord
{
    /// <summary>Reads the word; nothing stands for no limit.</summary>
    /// <exception cref="InstanceKitException">The word is neither a time ago nor a moment.</exception>
    public static DateTimeOffset? Parse(string? word, DateTimeOffset now)
    {
        try
        {
            return word is null ? null : SinceParser.Parse(word, now);
        }
        catch (InstanceKitException e)
        {
            throw new InstanceKitException(e.ExitCode, $"--since {e.Message}", e.Remedy, e);
        }
    }
}
