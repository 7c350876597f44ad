using System.Security.Cryptography;
using System.Text;
using InstanceKit.Platform;

namespace InstanceKit.Tenants;

/// <summary>Manages the tenants of one kind of server. Everything may be repeated.</summary>
internal abstract class TenantClient
{
    private const int PasswordBytes = 24;

    /// <summary>Names the tenant of an instance.</summary>
    /// <param name="environment">The environment of the server.</param>
    /// <param name="recorded">What was planned before; its password is kept.</param>
    public abstract Tenant Plan(
        string service, string stack, int instance, IReadOnlyDictionary<string, string> environment, Tenant? recorded = null);

    /// <summary>Creates the tenant, or repairs what is left of it. Data that it has stays.</summary>
    public abstract Task ProvisionAsync(TenantServer server, Tenant tenant, CancellationToken cancellation);

    /// <summary>Asks the server about the tenant.</summary>
    public abstract Task<TenantState> InspectAsync(TenantServer server, Tenant tenant, CancellationToken cancellation);

    /// <summary>Says what of the tenant isn't kept apart from the others; empty if everything is.</summary>
    public abstract Task<IReadOnlyList<string>> ProveAsync(
        TenantServer server, Tenant tenant, IReadOnlyList<Tenant> others, CancellationToken cancellation);

    /// <summary>Replaces the data of a tenant by a copy of another's. Both exist.</summary>
    public abstract Task CloneAsync(TenantServer server, Tenant from, Tenant to, CancellationToken cancellation);

    /// <summary>Removes the tenant and its data, and nothing else.</summary>
    public abstract Task RemoveAsync(TenantServer server, Tenant tenant, CancellationToken cancellation);

    /// <summary>A password of letters and digits, which no URL, shell or SQL text has to escape.</summary>
    protected static string NewPassword() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(PasswordBytes));

    /// <summary>The name of a tenant; one that is too long is cut, and keeps a hash of the whole.</summary>
    /// <param name="separator">What is between the words, and replaces what names may not have.</param>
    /// <param name="longest">How many ASCII characters the server allows.</param>
    protected static string NameOf(string stack, int instance, char separator, int longest = 63)
    {
        var name = string.Concat(stack.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : separator));
        var end = $"{separator}instance{separator}{instance}";
        if (name.Length + end.Length <= longest)
            return name + end;
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(stack)))[..6];
        return $"{name[..(longest - end.Length - hash.Length - 1)]}{separator}{hash}{end}";
    }

    /// <summary>Runs a program beside the server.</summary>
    /// <param name="intent">What is attempted, as a phrase; an error never shows the words, which may contain a password.</param>
    /// <exception cref="InstanceKitException">It failed.</exception>
    protected static async Task<string> RunAsync(
        TenantServer server, string intent, IReadOnlyList<string> words, CancellationToken cancellation)
    {
        var result = await server.ExecAsync(words, cancellation);
        return result.Succeeded ? result.StandardOutput : throw Failed(server, intent, LastLineOf(result));
    }

    /// <summary>The error for something that a server refused.</summary>
    protected static InstanceKitException Failed(TenantServer server, string intent, string reason, Exception? cause = null) => new(
        ExitCode.Failed, $"Could not {intent} in {server.Service} (127.0.0.1:{server.Port}): {reason}",
        $"Check the log of {server.Service}, then retry.", cause);

    /// <summary>The last line that a program wrote, which usually is the reason.</summary>
    protected static string LastLineOf(ProcessResult result) =>
        (string.IsNullOrWhiteSpace(result.StandardError) ? result.StandardOutput : result.StandardError)
        .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault() ?? $"exit code {result.ExitCode}";
}
