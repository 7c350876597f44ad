using InstanceKit;
using InstanceKit.Drivers;

namespace Requests;

/// <summary>The word after <c>--since</c> or <c>--until</c>.</summary>
internal static class MomentWord
{
    /// <summary>Reads the word; nothing stands for no limit.</summary>
    /// <param name="option">The option that it stands behind.</param>
    /// <param name="word">The word.</param>
    /// <param name="now">The present moment.</param>
    /// <exception cref="InstanceKitException">The word is neither a time ago nor a moment.</exception>
    public static DateTimeOffset? Parse(string option, string? word, DateTimeOffset now)
    {
        try
        {
            return word is null ? null : SinceParser.Parse(word, now);
        }
        catch (InstanceKitException e)
        {
            throw new InstanceKitException(e.ExitCode, $"{option} {e.Message}", e.Remedy, e);
        }
    }
}
