using System.Text.RegularExpressions;

namespace InstanceKit.Planning;

/// <summary>Writes states as people read them: <c>WaitingRestart</c> as "waiting restart".</summary>
public static partial class StateWord
{
    /// <summary>The words of a state.</summary>
    public static string Of<TState>(TState state)
        where TState : struct, Enum =>
        Capital().Replace(state.ToString(), m => (m.Index == 0 ? "" : " ") + m.Value.ToLowerInvariant());

    [GeneratedRegex("[A-Z]")]
    private static partial Regex Capital();
}
