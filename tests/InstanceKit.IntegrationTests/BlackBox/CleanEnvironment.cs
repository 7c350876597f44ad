using System.Collections;

namespace BlackBox;

/// <summary>
/// The environment of a person's terminal: of what the tests inherit, only what programs need to be found and to reach
/// their sources. What CI, a test runner or another test adds does not get through.
/// </summary>
internal static class CleanEnvironment
{
    private static readonly string[] Kept =
    [
        "PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "TZ", "TMPDIR",
        "DOCKER_HOST", "DOCKER_CONFIG", "DOCKER_CONTEXT", "NODE_EXTRA_CA_CERTS", "BuildEngine", "BuildNative",
    ];

    private static readonly string[] KeptPrefixes = ["LC_", "XDG_", "DOTNET_", "NUGET_", "SSL_CERT_", "npm_config_"];

    /// <summary>The variables. The terminal is one without colours and without a screen.</summary>
    public static Dictionary<string, string> Create()
    {
        var result = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            var name = (string)variable.Key;
            if (IsKept(name))
                result[name] = (string?)variable.Value ?? "";
        }

        result["TERM"] = "dumb";
        return result;
    }

    private static bool IsKept(string name) =>
        Kept.Contains(name, StringComparer.Ordinal)
        || KeptPrefixes.Any(p => name.StartsWith(p, StringComparison.OrdinalIgnoreCase))
        || name.EndsWith("_proxy", StringComparison.OrdinalIgnoreCase);
}
