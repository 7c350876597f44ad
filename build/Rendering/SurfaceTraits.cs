namespace Rendering;

/// <summary>What can be done with the place that text goes to.</summary>
/// <param name="Width">How many columns a line may have.</param>
/// <param name="Height">How many lines are seen at once.</param>
/// <param name="HasColors">Whether colours may be used.</param>
/// <param name="IsLive">Whether what was written can be written over.</param>
internal sealed record SurfaceTraits(int Width, int Height, bool HasColors, bool IsLive)
{
    /// <summary>A file or pipe: no colours, and wide enough that nothing is ever cut or wrapped.</summary>
    public static SurfaceTraits Redirected { get; } = new(Width: 10_000, Height: 1_000, HasColors: false, IsLive: false);

    private const int NarrowestWidth = 40;

    /// <summary>Whether a line may be as long as it likes, since no person's terminal has to show it.</summary>
    public bool IsUnbounded => Width >= Redirected.Width;

    /// <summary>The traits of a stream.</summary>
    /// <param name="isTerminal">Whether a person's terminal is at its end.</param>
    /// <param name="size">The terminal's columns and lines; 0 where unknown.</param>
    /// <param name="variable">The value of an environment variable, or <see langword="null"/>.</param>
    public static SurfaceTraits Of(bool isTerminal, (int Width, int Height) size, Func<string, string?> variable)
    {
        if (!isTerminal)
            return Redirected;

        // https://no-color.org: any text but the empty one.
        var isPlain = variable("NO_COLOR") is { Length: > 0 } || variable("TERM") == "dumb";
        var width = size.Width > 0 ? size.Width : 80;
        return new SurfaceTraits(
            Math.Max(width, NarrowestWidth), size.Height > 0 ? size.Height : 24, HasColors: !isPlain, IsLive: !isPlain);
    }
}
