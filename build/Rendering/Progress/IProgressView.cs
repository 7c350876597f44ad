using InstanceKit.Lifecycle;

namespace Rendering.Progress;

/// <summary>Shows what happens while a command works.</summary>
internal interface IProgressView
{
    /// <summary>Whether notes have been shown when the work ends, so that they need not be repeated.</summary>
    bool ShowsNotes { get; }

    /// <summary>Shows what the work reports until it ends.</summary>
    /// <param name="instances">The instances that are worked on.</param>
    /// <param name="work">The work; it reports to what it is given, from any thread.</param>
    /// <returns>What the work returns.</returns>
    Task<T> ShowAsync<T>(IReadOnlyList<int> instances, Func<IProgress<InstanceEvent>, Task<T>> work);
}
