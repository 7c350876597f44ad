using System.Text.Json;
using InstanceKit.Instances;
using InstanceKit.Models;
using InstanceKit.Platform;

namespace InstanceKit.Compose;

/// <summary>
/// Caches Compose's last output for each project of a workspace, and returns it as long as nothing has changed that
/// Compose would read. Models contain secrets: only their owner may read them.
/// </summary>
/// <param name="workspace">The workspace's absolute path.</param>
internal sealed class ComposeModelStore(string workspace)
{
    /// <summary>Two models of each of as many instances as one command may name, twice over.</summary>
    private const int MostEntries = 400;

    private const string VersionName = "version";
    private readonly string _folder = new InstancePaths(workspace, 0).Cache;

    /// <summary>The answer to a question that was put before, or <see langword="null"/>.</summary>
    public ComposeAnswer? Find(ComposeQuestion question, string name)
    {
        if (ReadText(name) is not { } text || text.Split('\n', 4) is not [var key, var sum, var list, var model]
            || sum != ContentHash.Of(key, list, model) || JsonSerializer.Deserialize(list, NoteJson.Default.StringArray) is not { } files)
        {
            return null;
        }

        var snapshot = ComposeSnapshot.Take(question, new ComposeInputs(files));
        return snapshot?.Key == key ? new ComposeAnswer(model, snapshot) : null;
    }

    /// <summary>Caches an output; replaces that of the same project.</summary>
    public void Keep(string name, ComposeAnswer answer)
    {
        if (answer.Snapshot?.Key is not { } key)
            return;
        var list = JsonSerializer.Serialize([.. answer.Snapshot.Inputs.Files], NoteJson.Default.StringArray);
        Write(name, $"{key}\n{ContentHash.Of(key, list, answer.Model)}\n{list}\n{answer.Model}");
    }

    /// <summary>Whether the program that <c>docker compose</c> runs has been found new enough before.</summary>
    public bool IsVersionKnown(string program) => ReadText(VersionName) == program;

    /// <summary>Remembers that it is new enough.</summary>
    public void KeepVersion(string program) => Write(VersionName, program);

    /// <summary>Deletes an entry.</summary>
    public void Forget(string name)
    {
        if (Directory.Exists(_folder))
            FileStore.Attempt(() => File.Delete(PathOf(name)));
    }

    private string PathOf(string name) => Path.Combine(_folder, $"compose-{name}");

    /// <summary>An unreadable entry counts as missing: Compose runs.</summary>
    private string? ReadText(string name)
    {
        try
        {
            return FileStore.ReadText(PathOf(name));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private void Write(string name, string content)
    {
        // Read-only commands on a workspace without instances write nothing.
        if (!Directory.Exists(Path.GetDirectoryName(_folder)))
            return;
        FileStore.TryWrite(PathOf(name), content);
        FileStore.Attempt(() =>
        {
            var entries = new DirectoryInfo(_folder).GetFiles("compose-*");
            foreach (var old in entries.OrderByDescending(f => f.LastWriteTimeUtc).Skip(MostEntries))
                old.Delete();
        });
    }
}

/// <summary>What Compose answered.</summary>
/// <param name="Model">The model as it printed it.</param>
/// <param name="Snapshot">What it was answered from; <see langword="null"/> when that can't be read.</param>
internal sealed record ComposeAnswer(string Model, ComposeSnapshot? Snapshot);
