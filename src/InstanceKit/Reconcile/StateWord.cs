using System.Text;

namespace InstanceKit.Reconcile;

/// <summary>Writes states as people read them: <c>WaitingRestart</c> as "waiting restart".</summary>
public static class StateWord
{
    /// <summary>The words of a state.</summary>
    public static string Of<TState>(TState state)
        where TState : struct, Enum
    {
        var words = new StringBuilder();
        foreach (var character in state.ToString())
        {
            if (char.IsAsciiLetterUpper(character) && words.Length > 0)
                words.Append(' ');
            words.Append(char.ToLowerInvariant(character));
        }

        return words.ToString();
    }
}
