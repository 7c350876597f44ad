namespace Rendering;

/// <summary>The message for no instances.</summary>
internal static class NoInstancesText
{
    /// <summary>The sentence, followed by its consequence.</summary>
    public static string Of(string workspace, string consequence) => $"There are no instances in {workspace}. {consequence}";
}
