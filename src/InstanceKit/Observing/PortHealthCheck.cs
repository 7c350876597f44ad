using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using InstanceKit.Engine;

namespace InstanceKit.Observing;

/// <summary>What a published port said about a container's health.</summary>
internal enum PortAnswer
{
    /// <summary>The health check would pass.</summary>
    Passed,

    /// <summary>Nothing answers, or the server says that it is still starting.</summary>
    NotYet,

    /// <summary>Only the check itself can tell.</summary>
    Unclear,
}

/// <summary>
/// A health check of a well-known form that concerns nothing but a port that its container publishes. Asking the port is the
/// same, and costs a hundredth of a process in the container.
/// </summary>
/// <param name="Kind">What is asked.</param>
/// <param name="Port">The published port.</param>
/// <param name="Subject">The database user, or the path of the URL.</param>
/// <param name="Host">The host in the URL, as the server sees it.</param>
internal sealed partial record PortHealthCheck(PortQuestion Kind, int Port, string Subject = "", string Host = "")
{
    private const int StartupProtocol = 196608; // 3.0
    private const int LongestAnswer = 1024;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    /// <summary>Asks the port of a container; it is unclear if its check has another form.</summary>
    public static async Task<PortAnswer> AskAsync(ObservedContainer container, CancellationToken cancellation) =>
        Of(container.HealthTest, container.LocalPorts) is { } known ? await known.AskAsync(cancellation) : PortAnswer.Unclear;

    /// <summary>The check that a test stands for; <see langword="null"/> if it has another form.</summary>
    /// <param name="test">The test in the engine's form: <c>CMD</c> or <c>CMD-SHELL</c>, and its words.</param>
    /// <param name="ports">The ports of this machine, by those of the container.</param>
    public static PortHealthCheck? Of(IReadOnlyList<string> test, IReadOnlyDictionary<int, int> ports)
    {
        var words = test switch
        {
            ["CMD", ..] => test.Skip(1).ToList(),
            ["CMD-SHELL", var line] => Split(line),
            _ => null,
        };
        if (words is not [var program, ..])
            return null;
        words.RemoveAt(0);
        return program[(program.LastIndexOf('/') + 1)..] switch
        {
            "pg_isready" => OfPostgres(words, ports),
            "redis-cli" or "valkey-cli" => OfRedis(words, ports),
            "curl" => OfUrl(words, Curl, mayResolve: true, ports),
            // BusyBox tries only the first address of localhost, on which the server may not listen.
            "wget" => OfUrl(words, Wget, mayResolve: false, ports),
            _ => null,
        };
    }

    private static PortHealthCheck? OfPostgres(IReadOnlyList<string> arguments, IReadOnlyDictionary<int, int> ports)
    {
        if (Options.Parse(arguments, Postgres) is not { Rest: [] } options || !IsOwn(options.Value('h', "host"), isSocketAllowed: true)
            || options.Value('d', "dbname")?.AsSpan().IndexOfAny('=', ':', '/') >= 0)
            return null;
        var user = options.Value('U', "username") is { } name && !name.Contains('$', StringComparison.Ordinal) ? name : "postgres";
        return PortOf(options.Value('p', "port") ?? "5432", ports) is { } port ? new PortHealthCheck(PortQuestion.Postgres, port, user) : null;
    }

    private static PortHealthCheck? OfRedis(IReadOnlyList<string> arguments, IReadOnlyDictionary<int, int> ports) =>
        Options.Parse(arguments, Redis) is { Rest: [var word] } options && word.Equals("ping", StringComparison.OrdinalIgnoreCase)
        && IsOwn(options.Value('h', ""), isSocketAllowed: false) && PortOf(options.Value('p', "") ?? "6379", ports) is { } port
            ? new PortHealthCheck(PortQuestion.Redis, port)
            : null;

    private static PortHealthCheck? OfUrl(IReadOnlyList<string> arguments, OptionSet allowed, bool mayResolve, IReadOnlyDictionary<int, int> ports)
    {
        if (Options.Parse(arguments, allowed) is not { Rest: [var text] } options || OwnUrl().Match(text) is not { Success: true } url
            || (!mayResolve && url.Groups["host"].Value != "127.0.0.1")
            || PortOf(url.Groups["port"] is { Success: true } named ? named.Value : "80", ports) is not { } port)
            return null;
        var isHead = options.Has('I', "head") || options.Has('\0', "spider");
        return new PortHealthCheck(
            isHead ? PortQuestion.HttpHead : PortQuestion.Http, port, url.Groups["path"] is { Success: true } path ? path.Value : "/",
            url.Groups["host"].Value + (url.Groups["port"] is { Success: true } number ? $":{number}" : ""));
    }

    private static bool IsOwn(string? host, bool isSocketAllowed) =>
        host is null or "localhost" or "127.0.0.1" || (isSocketAllowed && host.StartsWith('/'));

    private static int? PortOf(string text, IReadOnlyDictionary<int, int> ports) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var target) && ports.TryGetValue(target, out var port) ? port : null;

    /// <summary>The words of a shell command that is nothing but a command; <see langword="null"/> for any other.</summary>
    private static List<string>? Split(string line)
    {
        var command = ShellEnd().Replace(line, "").Trim();
        if (command.Contains("-cli", StringComparison.Ordinal))
            command = GrepPong().Replace(command, "");
        var words = command.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(w => w is ['"', .., '"'] or ['\'', .., '\''] ? w[1..^1] : w).ToList();
        return words.TrueForAll(w => PlainWord().IsMatch(w)) ? words : null;
    }

    private async Task<PortAnswer> AskAsync(CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Limit);
        try
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, Port), limit.Token);
            await socket.SendAsync(Question(), limit.Token);
            var answer = new byte[LongestAnswer];
            var length = await socket.ReceiveAsync(answer, limit.Token);
            return length == 0 ? PortAnswer.NotYet : Understand(Encoding.Latin1.GetString(answer, 0, length));
        }
        catch (SocketException)
        {
            return PortAnswer.NotYet;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return PortAnswer.NotYet;
        }
    }

    private byte[] Question() => Kind switch
    {
        PortQuestion.Postgres => Startup(Subject),
        PortQuestion.Redis => "*1\r\n$4\r\nPING\r\n"u8.ToArray(),
        _ => Encoding.Latin1.GetBytes($"{(Kind == PortQuestion.HttpHead ? "HEAD" : "GET")} {Subject} HTTP/1.1\r\nHost: {Host}\r\n"
            + "User-Agent: health-check\r\nAccept: */*\r\nConnection: close\r\n\r\n"),
    };

    private PortAnswer Understand(string answer) => Kind switch
    {
        // Like pg_isready: whoever answers accepts connections, unless he says that he can't now.
        PortQuestion.Postgres when answer[0] == 'R' => PortAnswer.Passed,
        PortQuestion.Postgres when answer[0] == 'E' => answer.Contains("C57P03\0", StringComparison.Ordinal) ? PortAnswer.NotYet : PortAnswer.Passed,
        PortQuestion.Redis when answer.StartsWith("+PONG", StringComparison.Ordinal) => PortAnswer.Passed,
        PortQuestion.Redis when answer.StartsWith("-LOADING", StringComparison.Ordinal) => PortAnswer.NotYet,
        PortQuestion.Http or PortQuestion.HttpHead when StatusLine().Match(answer) is { Success: true } status => status.Groups[1].Value[0] switch
        {
            '2' => PortAnswer.Passed,
            '5' => PortAnswer.NotYet,
            _ => PortAnswer.Unclear,
        },
        _ => PortAnswer.Unclear,
    };

    private static byte[] Startup(string user)
    {
        var pairs = Encoding.UTF8.GetBytes($"user\0{user}\0database\0postgres\0application_name\0pg_isready\0\0");
        var message = new byte[8 + pairs.Length];
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(message, message.Length);
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(4), StartupProtocol);
        pairs.CopyTo(message, 8);
        return message;
    }

    private static readonly OptionSet Postgres = new("q", "hpUdt", ["quiet"], ["host", "port", "username", "dbname", "timeout"]);
    private static readonly OptionSet Redis = new("", "hp", ["raw", "no-auth-warning"], []);
    private static readonly OptionSet Curl = new(
        "fsSLI", "om", ["fail", "fail-with-body", "silent", "show-error", "location", "head"], ["output", "max-time", "connect-timeout"]);

    private static readonly OptionSet Wget = new("q", "OTt", ["quiet", "no-verbose", "spider", "nv"], ["output-document", "timeout", "tries"]);

    [GeneratedRegex(@"\s*\|\|\s*(?:exit\s+[1-9]\d*|false)\s*;?\s*$")]
    private static partial Regex ShellEnd();

    [GeneratedRegex("""\s*\|\s*grep\s+(?:-q\s+)?["']?PONG["']?\s*$""")]
    private static partial Regex GrepPong();

    // $ only in a value that does not matter: the user and database of pg_isready.
    [GeneratedRegex(@"^(?:[\w./:=,@%+?-]+|\$\{?\w+\}?)$")]
    private static partial Regex PlainWord();

    [GeneratedRegex(@"^(?:http://)?(?<host>localhost|127\.0\.0\.1)(?::(?<port>\d+))?(?<path>/[\w./?=&%+~-]*)?$")]
    private static partial Regex OwnUrl();

    [GeneratedRegex(@"^HTTP/1\.[01] (\d\d\d)")]
    private static partial Regex StatusLine();

    /// <summary>The options of a program that do not change what a check means.</summary>
    /// <param name="Flags">Letters without a value.</param>
    /// <param name="Letters">Letters with a value.</param>
    /// <param name="Words">Words without a value.</param>
    /// <param name="Names">Words with a value.</param>
    private sealed record OptionSet(string Flags, string Letters, string[] Words, string[] Names);

    /// <summary>The arguments of a program.</summary>
    private sealed record Options(IReadOnlyDictionary<string, string> Given, IReadOnlyList<string> Rest)
    {
        /// <summary>Reads them; <see langword="null"/> if one is not allowed.</summary>
        public static Options? Parse(IReadOnlyList<string> arguments, OptionSet allowed)
        {
            var given = new Dictionary<string, string>(StringComparer.Ordinal);
            var rest = new List<string>();
            for (var i = 0; i < arguments.Count; i++)
            {
                var argument = arguments[i];
                if (argument is not ['-', _, ..])
                {
                    rest.Add(argument);
                    continue;
                }

                var isLong = argument.StartsWith("--", StringComparison.Ordinal);
                var name = argument.TrimStart('-').Split('=', 2);
                if (name.Length == 1 && allowed.Words.Contains(name[0]))
                    given[name[0]] = "";
                else if (isLong && allowed.Names.Contains(name[0]) && (name.Length == 2 || ++i < arguments.Count))
                    given[name[0]] = name.Length == 2 ? name[1] : arguments[i];
                else if (!isLong && name.Length == 1 && name[0].All(allowed.Flags.Contains))
                    Array.ForEach(name[0].ToCharArray(), f => given[f.ToString()] = "");
                else if (!isLong && Cluster(argument[1..], allowed) is var (letter, value) && (value.Length > 0 || ++i < arguments.Count))
                    given[letter.ToString()] = value.Length > 0 ? value : arguments[i];
                else
                    return null;
            }

            return new Options(given, rest);
        }

        public string? Value(char letter, string name) => Given.GetValueOrDefault(letter.ToString()) ?? Given.GetValueOrDefault(name);

        public bool Has(char letter, string name) => Value(letter, name) is not null;

        // -p5432, -qO-, -sfo /dev/null: flags, then a letter with the rest as its value.
        private static (char Letter, string Value)? Cluster(string text, OptionSet allowed)
        {
            var at = text.AsSpan().IndexOfAnyExcept(allowed.Flags);
            return at >= 0 && allowed.Letters.Contains(text[at]) ? (text[at], text[(at + 1)..]) : null;
        }
    }
}

/// <summary>What a port is asked.</summary>
internal enum PortQuestion
{
    /// <summary>As <c>pg_isready</c> does.</summary>
    Postgres,

    /// <summary><c>PING</c>.</summary>
    Redis,

    /// <summary>The status of a URL.</summary>
    Http,

    /// <summary>The same without the content.</summary>
    HttpHead,
}
