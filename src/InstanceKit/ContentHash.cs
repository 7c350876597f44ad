using System.Security.Cryptography;
using System.Text;

namespace InstanceKit;

/// <summary>SHA-256 over texts, for drift and fingerprints.</summary>
internal static class ContentHash
{
    /// <summary>Identifies this build of the tool, for what one build caches and another would find otherwise.</summary>
    public static string OfTool { get; } = typeof(ContentHash).Module.ModuleVersionId.ToString("N");

    /// <summary>The hash of some texts in order, in lower-case hexadecimal; no two lists of texts share one.</summary>
    public static string Of(params IEnumerable<string> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in parts)
        {
            var bytes = Encoding.UTF8.GetBytes(part);
            hash.AppendData(BitConverter.GetBytes(bytes.LongLength));
            hash.AppendData(bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
