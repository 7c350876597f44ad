using System.Globalization;

namespace Output;

/// <summary>Durations as people read them.</summary>
internal static class DurationText
{
    /// <summary>How long something took: <c>0.4 s</c>, <c>12 s</c>, <c>2 min 05 s</c>.</summary>
    public static string Elapsed(TimeSpan duration) => duration.TotalSeconds switch
    {
        < 9.95 => duration.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture) + " s",
        < 60 => $"{(int)duration.TotalSeconds} s",
        _ => $"{(int)duration.TotalMinutes} min {duration.Seconds:00} s",
    };

    /// <summary>How long something has run, in at most six columns: <c>45s</c>, <c>2m05s</c>, <c>3h12m</c>, <c>5d04h</c>.</summary>
    public static string Age(TimeSpan age) => age.TotalSeconds switch
    {
        < 1 => "0s",
        < 60 => $"{age.Seconds}s",
        < 3600 => $"{age.Minutes}m{age.Seconds:00}s",
        < 86_400 => $"{age.Hours}h{age.Minutes:00}m",
        _ => $"{age.Days}d{age.Hours:00}h",
    };
}
