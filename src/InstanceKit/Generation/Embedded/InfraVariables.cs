namespace InstanceKit.Generation;

/// <summary>The variables by which an app is told what runs the services.</summary>
public static class InfraVariables
{
    /// <summary><c>compose</c> or <c>embedded</c>.</summary>
    public const string Kind = "INSTANCEKIT_INFRA";

    /// <summary>The services that are skipped, parted by commas.</summary>
    public const string Skipped = "INSTANCEKIT_SKIPPED";

    /// <summary>An app's environment with them; what its env file sets itself stays.</summary>
    /// <param name="environment">What the env file says.</param>
    /// <param name="embedded">What stands for the services; <see langword="null"/> where Compose runs them.</param>
    public static IReadOnlyDictionary<string, string> AddTo(
        IReadOnlyDictionary<string, string> environment, IReadOnlyList<EmbeddedChoice>? embedded)
    {
        var result = new Dictionary<string, string>(environment, StringComparer.Ordinal);
        result.TryAdd(Kind, embedded is null ? "compose" : "embedded");
        var skipped = (embedded ?? []).Where(c => c.Skipped is not null).Select(c => c.Name).ToList();
        if (skipped.Count > 0)
            result.TryAdd(Skipped, string.Join(',', skipped));
        return result;
    }
}
