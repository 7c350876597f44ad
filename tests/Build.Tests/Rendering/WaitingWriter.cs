namespace Build.Tests.Rendering;

/// <summary>Takes text, and says when some text of interest has come.</summary>
internal sealed class WaitingWriter(string expected) : StringWriter
{
    private readonly TaskCompletionSource _written = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Written => _written.Task;

    public override void Write(string? value)
    {
        base.Write(value);
        if (value?.Contains(expected, StringComparison.Ordinal) == true)
            _written.TrySetResult();
    }
}
