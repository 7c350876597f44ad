namespace InstanceKit.Platform;

/// <summary>The operating system that commands are for.</summary>
/// <param name="Family">How programs are installed on it.</param>
/// <param name="IsAdministrator">Whether this user may install them without <c>sudo</c>.</param>
public sealed record HostSystem(SystemFamily Family, bool IsAdministrator)
{
    /// <summary>The family from the text of <c>/etc/os-release</c>: by ID, else by ID_LIKE.</summary>
    /// <param name="text">The file's text, lines of <c>NAME=value</c>; <see langword="null"/> where there is none.</param>
    public static SystemFamily FamilyOf(string? text)
    {
        var values = (text ?? "").Split('\n').Select(l => l.Trim().Split('=', 2)).Where(p => p.Length == 2)
            .ToLookup(p => p[0], p => p[1].Trim('"', '\''), StringComparer.Ordinal);
        return values["ID"].Concat(values["ID_LIKE"].SelectMany(v => v.Split(' ')))
            .Select(FamilyOfId).FirstOrDefault(f => f is not SystemFamily.Other, SystemFamily.Other);
    }

    private static SystemFamily FamilyOfId(string id) => id switch
    {
        "debian" => SystemFamily.Debian,
        "ubuntu" => SystemFamily.Ubuntu,
        "fedora" or "rhel" or "centos" => SystemFamily.Fedora,
        "alpine" => SystemFamily.Alpine,
        _ => SystemFamily.Other,
    };
}

/// <summary>How programs are installed on an operating system.</summary>
public enum SystemFamily
{
    /// <summary>Unknown.</summary>
    Other,

    /// <summary><c>apt-get</c>, with Debian's names.</summary>
    Debian,

    /// <summary><c>apt-get</c>, with Ubuntu's names.</summary>
    Ubuntu,

    /// <summary><c>dnf</c>.</summary>
    Fedora,

    /// <summary><c>apk</c>.</summary>
    Alpine,

    /// <summary><c>brew</c>.</summary>
    MacOS,

    /// <summary><c>winget</c>.</summary>
    Windows,
}
