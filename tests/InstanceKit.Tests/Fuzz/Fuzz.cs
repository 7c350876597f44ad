using System.Diagnostics;
using CsCheck;
using InstanceKit.Platform;
using Xunit;

namespace InstanceKit.Tests.Fuzz;

/// <summary>
/// Hostile input, 10,000 of each kind, or as many as <c>INSTANCEKIT_FUZZ</c> says. A failure prints the input and CsCheck's seed, which
/// <c>CsCheck_Seed</c> takes.
/// </summary>
internal static class Fuzz
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    private static long Inputs { get; } =
        long.TryParse(Environment.GetEnvironmentVariable("INSTANCEKIT_FUZZ"), out var inputs) && inputs > 0 ? inputs : 10_000;

    /// <summary>Checks that a reader gives a result or an error for people, in bounded time.</summary>
    /// <param name="inputs">Makes the inputs.</param>
    /// <param name="read">The reader, and what must hold for its result.</param>
    /// <param name="isRefusal">The reader's documented exceptions beside <see cref="InstanceKitException"/>, which its only caller translates.</param>
    public static void Run(Gen<string> inputs, Action<string> read, Func<Exception, bool>? isRefusal = null) => inputs.Sample(
        input =>
        {
            if (Measure(input, read, isRefusal) <= Limit)
                return;
            // A machine under load is slow, too: what counts is the time on a processor.
            var before = OnProcessor();
            var elapsed = Measure(input, read, isRefusal);
            Assert.True(elapsed < Limit || OnProcessor() - before < Limit, $"It took longer than {Limit.TotalSeconds} s.");
        },
        iter: Inputs,
        print: input => input.Length <= 20_000 ? input : $"{input[..20_000]}… ({input.Length} characters)");

    /// <summary>How long this thread has run on a processor, as Linux counts it.</summary>
    private static TimeSpan OnProcessor() => !OperatingSystem.IsLinux() ? TimeSpan.Zero : TimeSpan.FromTicks(
        long.Parse(File.ReadAllText("/proc/thread-self/schedstat").Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture) / 100);

    private static TimeSpan Measure(string input, Action<string> read, Func<Exception, bool>? isRefusal)
    {
        var clock = Stopwatch.StartNew();
        try
        {
            read(input);
        }
        catch (InstanceKitException e)
        {
            Assert.False(string.IsNullOrWhiteSpace(e.Message));
            Assert.InRange(e.Message.Length, 1, 20_000);
        }
        catch (Exception e) when (isRefusal?.Invoke(e) == true)
        {
            // Its caller says so in words.
        }

        return clock.Elapsed;
    }

    /// <summary>Texts of a corpus with a few changes, and texts that are made of its words alone.</summary>
    /// <param name="corpus">What the reader is made for, and what is known to hurt.</param>
    /// <param name="words">What means something to the reader.</param>
    public static Gen<string> Mutations(IReadOnlyList<string> corpus, params string[] words)
    {
        var word = Gen.Frequency<string>(
            (6, Gen.OneOf<string>(words)),
            (2, Gen.OneOf<string>("\0", "\u001b[2J", "\uFEFF", "\r", "\n", "\t", "\uD800", "é", "😀", "99999999999999999999", "-1", "1e999", "null", "")),
            (1, Gen.String[0, 8]),
            (1, Gen.Select(Gen.OneOf<string>(words), Gen.Int[2, 200], (text, times) => string.Concat(Enumerable.Repeat(text, times)))));
        var change = Gen.Select(Gen.Int[0, 5], Gen.Double[0, 1], Gen.Double[0, 1], word);
        var changed = Gen.Select(Gen.OneOf<string>([.. corpus]), change.Array[1, 6], Gen.OneOf<string>([.. corpus]), (text, changes, other) =>
            changes.Aggregate(text, (t, c) => Change(t, c.Item1, c.Item2, c.Item3, c.Item4, other)));
        return Gen.Frequency<string>((8, changed), (2, word.Array[0, 30].Select(string.Concat)), (1, Gen.OneOf<string>([.. corpus])));
    }

    private static string Change(string text, int kind, double place, double length, string word, string other)
    {
        var from = (int)(place * text.Length);
        var count = (int)(length * length * length * (text.Length - from)); // mostly little
        return kind switch
        {
            0 => text.Insert(from, word),
            1 => text.Remove(from, count),
            2 => text[..from],
            3 => text.Insert(from, text.Substring(from, count)),
            4 => string.Concat(text.AsSpan(0, from), word, text.AsSpan(from + count)),
            _ => string.Concat(text.AsSpan(0, from), other.AsSpan((int)(place * other.Length))),
        };
    }
}
