using InstanceKit.Verbs;
using Output;
using Xunit;

namespace Build.Tests.Rendering;

public sealed class LogLineFormatTests
{
    [Fact]
    public void Aligns_all_lines_to_the_longest_known_source()
    {
        var format = new LogLineFormat(hasColors: false, [1], ["backend", "postgres"]);

        Assert.Equal("backend  | hello", format.Format(Line(1, "backend", "hello")));
        Assert.Equal("postgres | hello", format.Format(Line(1, "postgres", "hello")));
    }

    [Fact]
    public void Grows_for_a_source_that_nobody_had_announced()
    {
        var format = new LogLineFormat(hasColors: false, [1], ["db"]);

        Assert.Equal("db | a", format.Format(Line(1, "db", "a")));
        Assert.Equal("minio-init | b", format.Format(Line(1, "minio-init", "b")));
        Assert.Equal("db         | c", format.Format(Line(1, "db", "c")));
    }

    [Fact]
    public void Puts_the_instance_in_front_when_there_are_several()
    {
        var format = new LogLineFormat(hasColors: false, [1, 12], ["backend"]);

        Assert.Equal("1/backend  | a", format.Format(Line(1, "backend", "a")));
        Assert.Equal("12/backend | b", format.Format(Line(12, "backend", "b")));
    }

    [Fact]
    public void Colors_the_source_and_marks_the_error_stream()
    {
        var format = new LogLineFormat(hasColors: true, [1], ["backend"]);
        var color = SourceColor.Of("backend");

        Assert.Equal($"\e[{color}mbackend\e[0m \e[90m|\e[0m text\e[0m", format.Format(Line(1, "backend", "text")));
        Assert.Equal(
            $"\e[{color}mbackend\e[0m \e[31m|\e[0m text\e[0m", format.Format(Line(1, "backend", "text") with { IsError = true }));
    }

    [Fact]
    public void Sources_keep_their_colors_and_differ_where_it_matters()
    {
        Assert.Equal(SourceColor.Of("backend"), SourceColor.Of("backend"));
        Assert.Equal(3, new[] { "frontend", "backend", "worker" }.Select(SourceColor.Of).Distinct().Count());
    }

    private static InstanceLogLine Line(int instance, string source, string text) =>
        new(instance, source, Specimens.Now, false, text);
}
