using InstanceKit.Lifecycle;

namespace Rendering.Progress;

/// <summary>One row of a <see cref="ProgressBoard"/>: a step, or the heading of an instance.</summary>
/// <param name="Indent">How many columns it stands from the left.</param>
/// <param name="End">How it ended; <see langword="null"/> while it goes on.</param>
/// <param name="Subject">The service, app or instance.</param>
/// <param name="Message">What happens to it, and why it is not done.</param>
/// <param name="Elapsed">How long it has taken.</param>
internal sealed record BoardRow(int Indent, Outcome? End, string Subject, string Message, TimeSpan Elapsed);
