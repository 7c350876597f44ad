using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Net.Http.Client;

namespace InstanceKit.Engine;

/// <summary>The certificates of a connection to an engine over TLS: Docker's <c>ca.pem</c>, <c>cert.pem</c> and <c>key.pem</c>.</summary>
public sealed class EngineTls
{
    private readonly X509Certificate2Collection? _authorities;

    private EngineTls(string folder, bool verifies, X509Certificate2Collection? authorities, X509Certificate2? own)
    {
        (Folder, Verifies, _authorities) = (folder, verifies, authorities);
        OwnCertificates = own is null ? [] : [own];
    }

    /// <summary>The absolute path of their directory.</summary>
    public string Folder { get; }

    /// <summary>Whether the engine must show a certificate of the authority, for its own host name.</summary>
    public bool Verifies { get; }

    /// <summary>What this client shows: one certificate, or none.</summary>
    public X509Certificate2Collection OwnCertificates { get; }

    /// <summary>Reads them.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="verifies">Whether the engine's certificate counts.</param>
    /// <param name="needsAuthority">Whether <c>ca.pem</c> must be there; without it the authorities of the system count.</param>
    /// <param name="origin">What requires them, for messages.</param>
    /// <exception cref="NoAnswerException">A file is missing or damaged.</exception>
    public static EngineTls Read(string folder, bool verifies, bool needsAuthority, string origin)
    {
        var full = Path.GetFullPath(folder);
        var (authority, certificate, key) = (Path.Combine(full, "ca.pem"), Path.Combine(full, "cert.pem"), Path.Combine(full, "key.pem"));
        try
        {
            X509Certificate2Collection? authorities = null;
            if (verifies && (needsAuthority || File.Exists(authority)))
            {
                authorities = [];
                authorities.ImportFromPemFile(authority);
            }

            var own = File.Exists(certificate) || File.Exists(key) ? X509Certificate2.CreateFromPemFile(certificate, key) : null;
            // Windows uses no key that is in memory alone.
            if (own is not null && OperatingSystem.IsWindows())
                own = X509CertificateLoader.LoadPkcs12(own.Export(X509ContentType.Pfx), null);
            return new EngineTls(full, verifies, authorities, own);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new NoAnswerException(
                $"The TLS files of the Docker engine in '{full}' ({origin}) can't be read: {e.Message.TrimEnd('.')}.",
                "Put ca.pem, cert.pem and key.pem there, set DOCKER_CERT_PATH to their folder, or unset DOCKER_TLS_VERIFY and DOCKER_HOST.", e);
        }
    }

    /// <summary>Whether the engine may be talked to.</summary>
    public bool Accepts(X509Certificate? certificate, SslPolicyErrors errors)
    {
        if (!Verifies || errors == SslPolicyErrors.None)
            return true;
        if (_authorities is null || certificate is null || errors != SslPolicyErrors.RemoteCertificateChainErrors)
            return false;
        using var chain = new X509Chain();
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_authorities);
        using var shown = new X509Certificate2(certificate);
        return chain.Build(shown);
    }
}
