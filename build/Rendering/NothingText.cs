namespace Rendering;

/// <summary>Says that there are no instances.</summary>
internal static class NothingText
{
    /// <summary>The sentence, and what follows from it.</summary>
    public static string Of(string workspace, string consequence) => $"There are no instances in {workspace}. {consequence}";
}
