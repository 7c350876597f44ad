using System.Diagnostics.CodeAnalysis;

namespace Nuke.Common;

/// <summary>Assertions that fail the running target.</summary>
public static class Assert
{
    [DoesNotReturn]
    public static void Fail(string message, Exception? exception = null) =>
        throw new InvalidOperationException(message, exception);

    public static void True([DoesNotReturnIf(false)] bool condition, string message)
    {
        if (!condition)
            Fail(message);
    }
}
