namespace Build.Tests.Rendering;

/// <summary>A clock that always shows the same moment, in UTC.</summary>
internal sealed class StoppedTime(DateTimeOffset now) : TimeProvider
{
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override DateTimeOffset GetUtcNow() => now;
}
