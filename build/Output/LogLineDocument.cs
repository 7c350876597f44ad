using InstanceKit.Models;
using InstanceKit.Verbs;

namespace Output;

/// <summary>One line of what <c>Logs --json</c> prints: a stream of documents, one per line.</summary>
/// <param name="Instance">The instance's number.</param>
/// <param name="Source">The service or app.</param>
/// <param name="Timestamp">When it was written, in UTC.</param>
/// <param name="IsError">Whether it went to standard error.</param>
/// <param name="Text">The line as it was written.</param>
internal sealed record LogLineDocument(int Instance, string Source, DateTime Timestamp, bool IsError, string Text)
{
    /// <summary>The document of a line.</summary>
    public static LogLineDocument Of(InstanceLogLine line) =>
        new(line.Instance, line.Source, line.Timestamp.UtcDateTime, line.IsError, line.Text);
}
