using InstanceKit;
using InstanceKit.Stacks;

namespace Requests;

/// <summary>The word after <c>--infra</c>.</summary>
internal static class InfraWord
{
    /// <summary>Reads the word; nothing leaves it to the stack.</summary>
    /// <exception cref="InstanceKitException">It is another word.</exception>
    public static InfraMode? Parse(string? word) => word switch
    {
        null => null,
        "auto" => InfraMode.Auto,
        "compose" => InfraMode.Compose,
        "embedded" => InfraMode.Embedded,
        _ => throw InstanceKitException.Usage($"--infra '{word}' is not known.", "Give auto, compose or embedded."),
    };
}
