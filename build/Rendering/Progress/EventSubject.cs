namespace Rendering.Progress;

/// <summary>What events are about.</summary>
internal static class EventSubject
{
    /// <summary>Whether it is a network or volume, which comes and goes with the services and says little by itself.</summary>
    public static bool IsIncidental(string subject) =>
        subject.StartsWith("network ", StringComparison.Ordinal) || subject.StartsWith("volume ", StringComparison.Ordinal);
}
