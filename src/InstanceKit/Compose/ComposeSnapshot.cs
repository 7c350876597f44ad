using InstanceKit.Models;
using InstanceKit.Platform;

namespace InstanceKit.Compose;

/// <summary>All that can change Compose's answer to a question, as it stood at one moment.</summary>
/// <param name="Key">Its hash: equal means that Compose would answer the same; <see langword="null"/> when it can't be known.</param>
/// <param name="Inputs">The files.</param>
/// <param name="Texts">The texts of the files that exist, by path.</param>
/// <param name="Variables">The variables that they reference.</param>
internal sealed record ComposeSnapshot(
    string? Key,
    ComposeInputs Inputs,
    IReadOnlyDictionary<string, string> Texts,
    IReadOnlyList<KeyValuePair<string, string>> Variables)
{
    /// <summary>Increment to invalidate entries that earlier versions of this program cached.</summary>
    private const string Form = "1";

    /// <summary>Takes one of a question whose files are to be found.</summary>
    public static ComposeSnapshot? Take(ComposeQuestion question)
    {
        var inputs = ComposeInputs.Collect(
            question.ComposeFiles, question.EnvFiles, question.ProjectDirectory, TryRead);
        var snapshot = Take(question, inputs ?? new ComposeInputs([.. question.ComposeFiles, .. question.EnvFiles]));
        return inputs is null && snapshot is not null ? snapshot with { Key = null } : snapshot;
    }

    /// <summary>Takes one of a question whose files are known.</summary>
    /// <returns><see langword="null"/> when a file can't be read.</returns>
    public static ComposeSnapshot? Take(ComposeQuestion question, ComposeInputs inputs)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            foreach (var file in inputs.Files)
            {
                if (FileStore.ReadText(file) is { } text)
                    texts[file] = text;
            }
        }
        catch (Exception e) when (e is IOException and not IrregularFileException or UnauthorizedAccessException)
        {
            return null;
        }

        var variables = ComposeInputs.VariablesOf(question.Environment, [.. texts.Values]);
        return new ComposeSnapshot(KeyOf(question, inputs, texts, variables), inputs, texts, variables);
    }

    private static string? KeyOf(
        ComposeQuestion question, ComposeInputs inputs, Dictionary<string, string> texts,
        IReadOnlyList<KeyValuePair<string, string>> variables) =>
        ComposeProgramProbe.Identify(question.Environment) is not { } program ? null : ContentHash.Of(
        [
            Form, program, question.Process.WorkingDirectory ?? "",
            ContentHash.Of(question.Process.Arguments),
            ContentHash.Of(question.Process.Environment.Where(v => v.Value is not null)
                .OrderBy(v => v.Key, StringComparer.Ordinal).SelectMany(v => new[] { v.Key, v.Value! })),
            ContentHash.Of(inputs.Files.SelectMany(f => texts.TryGetValue(f, out var text) ? new[] { f, "is", text } : [f, "is not"])),
            ContentHash.Of(variables.SelectMany(v => new[] { v.Key, v.Value })),
        ]);

    private static string? TryRead(string path)
    {
        try
        {
            return FileStore.ReadText(path);
        }
        catch (Exception e) when (e is IOException and not IrregularFileException or UnauthorizedAccessException)
        {
            return null; // the following snapshot reads it again, and fails
        }
    }
}
