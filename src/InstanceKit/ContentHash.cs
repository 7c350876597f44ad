using System.Security.Cryptography;
using System.Text;

namespace InstanceKit;

/// <summary>SHA-256 over texts, for drift and fingerprints.</summary>
internal static class ContentHash
{
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
