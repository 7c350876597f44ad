using System.Globalization;

namespace InstanceKit.Instances;

/// <summary>Which instances a command is for: a number, a list or range (<c>0,2,5-7</c>), all that exist, the checkout's own, or what they share.</summary>
public sealed record InstanceSelector
{
    /// <summary>Selects what instances share.</summary>
    internal const string SharedWord = "shared";

    private const int MostAtOnce = 100;
    private const string Remedy = "Use a number (1), a list or range (0,2,5-7), 'all', 'auto' or 'shared'.";

    private InstanceSelector(bool isAll, IReadOnlyList<int> numbers, bool isAuto = false, bool isShared = false)
    {
        IsShared = isShared;
        IsAll = isAll;
        IsAuto = isAuto;
        Numbers = numbers;
    }

    /// <summary>Whether it selects all existing instances.</summary>
    public bool IsAll { get; }

    /// <summary>Whether it selects the checkout's own instance: the existing one, else the lowest free number.</summary>
    public bool IsAuto { get; }

    /// <summary>Whether it selects the infrastructure that instances of the stack share.</summary>
    public bool IsShared { get; }

    /// <summary>The selected numbers, ascending and distinct; empty for all, auto and shared.</summary>
    public IReadOnlyList<int> Numbers { get; }

    /// <summary>All instances that exist in the workspace.</summary>
    public static InstanceSelector All { get; } = new(true, []);

    /// <summary>The checkout's own instance.</summary>
    public static InstanceSelector Auto { get; } = new(false, [], isAuto: true);

    /// <summary>The shared infrastructure.</summary>
    public static InstanceSelector Shared { get; } = new(false, [], isShared: true);

    /// <summary>One instance.</summary>
    public static InstanceSelector Of(int number) => new(false, [number]);

    /// <summary>Reads a selector.</summary>
    /// <param name="text">What was written.</param>
    /// <param name="origin">Where it was written: "--instance", "SHIPSEC_INSTANCE".</param>
    /// <exception cref="InstanceKitException">The text is not a valid selector.</exception>
    public static InstanceSelector Parse(string text, string origin)
    {
        var trimmed = text.Trim();
        if (string.Equals(trimmed, "all", StringComparison.OrdinalIgnoreCase))
            return All;
        if (string.Equals(trimmed, "auto", StringComparison.OrdinalIgnoreCase))
            return Auto;
        if (string.Equals(trimmed, SharedWord, StringComparison.OrdinalIgnoreCase))
            return Shared;

        var numbers = new HashSet<int>();
        foreach (var part in trimmed.Split(','))
        {
            var ends = part.Split('-');
            if (ends.Length > 2 || !TryNumber(ends[0], out var first) || !TryNumber(ends[^1], out var last))
                throw InstanceKitException.Usage($"{origin} '{text}' is not an instance number.", Remedy);
            if (last < first)
                throw InstanceKitException.Usage($"{origin} '{text}' contains a descending range.", Remedy);
            for (var offset = 0; offset <= last - first && last - first < MostAtOnce; offset++)
                numbers.Add(first + offset);
            if (last - first >= MostAtOnce || numbers.Count > MostAtOnce)
            {
                throw InstanceKitException.Usage(
                    $"{origin} '{text}' names more than {MostAtOnce} instances.", Remedy);
            }
        }

        var ascending = new List<int>(numbers);
        ascending.Sort();
        return new InstanceSelector(false, ascending);
    }

    private static bool TryNumber(string text, out int number) =>
        int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
