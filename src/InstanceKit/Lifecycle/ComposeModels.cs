using InstanceKit.Drivers;
using InstanceKit.Instances;
using InstanceKit.Stacks;

namespace InstanceKit.Lifecycle;

/// <summary>Reads compose models: from what Compose answered before where that still holds, else through Compose.</summary>
/// <param name="cache">The answers.</param>
/// <param name="isReadOnly">Whether nothing is written.</param>
internal sealed class ComposeModels(ComposeModelCache cache, bool isReadOnly)
{
    private readonly Lock _gate = new();
    private Task? _version;

    /// <summary>The program behind it.</summary>
    public ComposeDriver Driver { get; } = new();

    /// <summary>Makes sure, once, that Compose is there and new enough.</summary>
    /// <exception cref="InstanceKitException">Compose is missing or too old.</exception>
    public Task RequireVersionAsync(CancellationToken cancellation)
    {
        lock (_gate)
            return _version ??= CheckVersionAsync(cancellation);
    }

    /// <summary>Reads the model of the compose files, without or with the instance's override.</summary>
    /// <exception cref="InstanceKitException">Compose refuses the files; its own words are in the message.</exception>
    public async Task<ReadModel> ReadAsync(InstanceSpec spec, bool withOverride, CancellationToken cancellation)
    {
        var name = NameOf(spec, withOverride);
        var question = Driver.AskForModel(spec, withOverride);
        if (cache.Find(question, name) is { } known)
            return new ReadModel(ComposeModelReader.Read(known.Model), known.Snapshot);

        var before = ComposeSnapshot.Take(question);
        var answer = new ComposeAnswer(await Driver.ReadModelAsync(spec, withOverride, cancellation), before);
        var model = ComposeModelReader.Read(answer.Model);
        // What somebody changed while Compose was reading is in its answer, or is not.
        if (!isReadOnly && before?.Key is { } key && ComposeSnapshot.Take(question, before.Inputs)?.Key == key)
            cache.Keep(name, answer);
        return new ReadModel(model, before);
    }

    /// <summary>Drops the answers for an instance.</summary>
    public void Forget(InstanceSpec spec)
    {
        cache.Forget(NameOf(spec, false));
        cache.Forget(NameOf(spec, true));
    }

    private static string NameOf(InstanceSpec spec, bool withOverride) => $"{spec.Project}-{(withOverride ? "merged" : "plain")}";

    private async Task CheckVersionAsync(CancellationToken cancellation)
    {
        var program = Driver.Identify();
        if (program is not null && cache.IsVersionKnown(program))
            return;
        await Driver.RequireVersionAsync(cancellation);
        if (program is not null && !isReadOnly)
            cache.KeepVersion(program);
    }
}

/// <summary>A model, and what it was read from.</summary>
/// <param name="Model">The model.</param>
/// <param name="Snapshot">The files and variables; <see langword="null"/> when they can't be read.</param>
internal sealed record ReadModel(ComposeModel Model, ComposeSnapshot? Snapshot);
