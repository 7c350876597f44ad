using InstanceKit;
using InstanceKit.Instances;

namespace Requests;

/// <summary>The word after <c>--infra</c>.</summary>
internal static class InfraWord
{
    /// <summary>Reads the word; nothing stands for <see cref="InfraMode.Auto"/>.</summary>
    /// <exception cref="InstanceKitException">It is another word.</exception>
    public static InfraMode Parse(string? word) => word switch
    {
        null or "auto" => InfraMode.Auto,
        "compose" => InfraMode.Compose,
        "embedded" => InfraMode.Embedded,
        _ => throw InstanceKitException.Usage($"--infra '{word}' is not known.", "Give auto, compose or embedded."),
    };
}
