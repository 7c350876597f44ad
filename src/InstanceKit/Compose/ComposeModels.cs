using InstanceKit.Instances;
using InstanceKit.Models;

namespace InstanceKit.Compose;

/// <summary>
/// Reads compose models: from the cached output of Compose if that is current, else through Compose. Where there is no
/// Compose, they are read without it, for instances whose services are processes.
/// </summary>
/// <param name="cache">The answers.</param>
/// <param name="isReadOnly">Whether nothing is written.</param>
internal sealed class ComposeModels(ComposeModelStore cache, bool isReadOnly)
{
    private readonly Lock _gate = new();
    private Task<InstanceKitException?>? _failure;

    /// <summary>The program behind it.</summary>
    public ComposeClient Client { get; } = new();

    /// <summary>Why Compose can't be used, determined once; <see langword="null"/> when it can.</summary>
    public Task<InstanceKitException?> FindFailureAsync(CancellationToken cancellation)
    {
        lock (_gate)
            return _failure ??= CheckVersionAsync(cancellation);
    }

    /// <summary>Reads the model of the compose files, without or with the instance's override.</summary>
    /// <exception cref="InstanceKitException">Compose refuses the files; its own words are in the message.</exception>
    public async Task<ReadModel> ReadAsync(InstanceSpec spec, bool withOverride, CancellationToken cancellation)
    {
        var name = NameOf(spec, withOverride);
        var question = Client.AskForModel(spec, withOverride);
        if (await FindFailureAsync(cancellation) is not null)
        {
            var text = ComposeStandIn.ReadModel(question, spec);
            return new ReadModel(ComposeModelReader.Read(text), ComposeSnapshot.Take(question), text);
        }

        if (cache.Find(question, name) is { } known)
            return new ReadModel(ComposeModelReader.Read(known.Model), known.Snapshot, known.Model);

        var before = ComposeSnapshot.Take(question);
        var answer = new ComposeAnswer(await AskAsync(spec, question, withOverride, cancellation), before);
        var model = ComposeModelReader.Read(answer.Model);
        // A change made while Compose was reading may or may not be in its output.
        if (!isReadOnly && before?.Key is { } key && ComposeSnapshot.Take(question, before.Inputs)?.Key == key)
            cache.Keep(name, answer);
        return new ReadModel(model, before, answer.Model);
    }

    /// <summary>Compose does not report line and column of every error, and is slow on some files.</summary>
    private async Task<string> AskAsync(InstanceSpec spec, ComposeQuestion question, bool withOverride, CancellationToken cancellation)
    {
        InstanceKitException? wrong = null;
        foreach (var file in question.ComposeFiles)
        {
            var shown = spec.Paths.Relative(file);
            if (WorkspaceTextReader.ReadYaml(file, shown) is { } text && YamlText.Check(text) is var (line, column, reason, isBeyondLimits))
                wrong ??= InstanceKitException.Usage($"{shown}({line},{column}): {reason}.", "Fix the file; nothing was written.");
            else
                continue;
            if (isBeyondLimits)
                throw wrong;
        }

        try
        {
            return await Client.ReadModelAsync(spec, withOverride, cancellation);
        }
        catch (InstanceKitException e) when (wrong is not null && e.ExitCode == ExitCode.Usage)
        {
            throw wrong;
        }
    }

    /// <summary>Drops the answers for an instance.</summary>
    public void Forget(InstanceSpec spec)
    {
        cache.Forget(NameOf(spec, false));
        cache.Forget(NameOf(spec, true));
    }

    private static string NameOf(InstanceSpec spec, bool withOverride) => $"{spec.Project}-{(withOverride ? "merged" : "plain")}";

    private async Task<InstanceKitException?> CheckVersionAsync(CancellationToken cancellation)
    {
        var program = Client.Identify();
        if (program is not null && cache.IsVersionKnown(program))
            return null;
        try
        {
            await Client.RequireVersionAsync(cancellation);
        }
        catch (InstanceKitException e) when (e.ExitCode == ExitCode.Prerequisite && e is not NoAnswerException)
        {
            return e;
        }

        if (program is not null && !isReadOnly)
            cache.KeepVersion(program);
        return null;
    }
}

/// <summary>A model, and what it was read from.</summary>
/// <param name="Model">The model.</param>
/// <param name="Snapshot">The files and variables; <see langword="null"/> when they can't be read.</param>
/// <param name="Json">The model as Compose printed it.</param>
internal sealed record ReadModel(ComposeModel Model, ComposeSnapshot? Snapshot, string Json);
