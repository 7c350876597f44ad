namespace Rendering.Progress;

/// <summary>Chooses what of a board is shown where there are more rows than a terminal has.</summary>
internal static class BoardChoice
{
    /// <summary>
    /// The headings and steps that fit, in their order: first what moves, then what has ended last. What is left out is
    /// counted in a row of its own.
    /// </summary>
    /// <param name="instances">The instances.</param>
    /// <param name="hasHeadings">Whether each has a heading.</param>
    /// <param name="rows">How many rows there are.</param>
    public static (IReadOnlySet<InstanceSteps> Headings, IReadOnlySet<ProgressStep> Steps, string? LeftOut) Of(
        IReadOnlyList<InstanceSteps> instances, bool hasHeadings, int rows)
    {
        var headings = hasHeadings ? instances : [];
        var steps = instances.SelectMany(i => i.Steps).ToList();
        if (headings.Count + steps.Count <= rows)
            return (ToSet(headings), ToSet(steps), null);

        var room = rows - 1; // one is for the count
        var shownHeadings = ToSet(headings.OrderBy(i => i.Outcome is not null).Take(room));
        var shownSteps = ToSet(instances.Where(i => !hasHeadings || shownHeadings.Contains(i))
            .OrderBy(i => i.Outcome is not null)
            .SelectMany(i => i.Steps.Select(s => (i.Outcome, Step: s)))
            .OrderBy(s => s.Outcome is not null).ThenBy(s => s.Step.IsDone).ThenByDescending(s => s.Step.Changed)
            .Select(s => s.Step).Take(room - shownHeadings.Count));
        return (shownHeadings, shownSteps, Count(headings.Count - shownHeadings.Count, [.. steps.Where(s => !shownSteps.Contains(s))]));
    }

    private static string Count(int instances, IReadOnlyList<ProgressStep> steps)
    {
        var done = steps.Count(s => s.IsDone);
        var parts = new List<string>();
        if (instances > 0)
            parts.Add($"{instances} {(instances == 1 ? "instance" : "instances")}");
        if (done > 0)
            parts.Add($"{done} done");
        if (steps.Count > done)
            parts.Add($"{steps.Count - done} going on");
        return $"… and {string.Join(", ", parts)}";
    }

    // Two steps of different instances may be equal as values.
    private static HashSet<T> ToSet<T>(IEnumerable<T> items) where T : class => new(items, ReferenceEqualityComparer.Instance);
}
