using System.Globalization;
using System.Text;
using System.Xml;
using Softphone.Core;

namespace Softphone.Cli;

/// <summary>The results of test as JUnit XML: one suite, one test case a file; a file that could not be read, or at which we threw, is an error.</summary>
internal static class JunitReport
{
    /// <summary>As the umask leaves it: what gathers results is often another user, and nothing of anybody is in them.</summary>
    private const UnixFileMode ForAll = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    public static bool TryWrite(string file, IReadOnlyList<ScenarioResult> results, out string problem)
    {
        problem = "";
        try
        {
            using var report = new StreamWriter(PrivateFile.Create(file, ForAll));
            report.Write(Text(results));
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            problem = $"the report {file} could not be written: {e.Message}";
            return false;
        }
    }

    public static string Text(IReadOnlyList<ScenarioResult> results)
    {
        var text = new Utf8Text();
        using (var xml = XmlWriter.Create(text, new XmlWriterSettings { Indent = true, NewLineChars = "\n" }))
        {
            xml.WriteStartElement("testsuites");
            xml.WriteStartElement("testsuite");
            xml.WriteAttributeString("name", "softphone test");
            xml.WriteAttributeString("tests", Number(results.Count));
            xml.WriteAttributeString("failures", Number(results.Count(r => !r.Event.Ok && !IsError(r))));
            xml.WriteAttributeString("errors", Number(results.Count(IsError)));
            xml.WriteAttributeString("time", Seconds(results.Sum(r => r.Took.TotalSeconds)));
            foreach (var result in results) Write(xml, result);
            xml.WriteEndElement();
            xml.WriteEndElement();
        }

        return text.ToString();
    }

    private static bool IsError(ScenarioResult result) => result.IsWrong || result.Error is not null;

    private static void Write(XmlWriter xml, ScenarioResult result)
    {
        xml.WriteStartElement("testcase");
        xml.WriteAttributeString("name", Clean(result.Event.Name));
        xml.WriteAttributeString("classname", Clean(Path.GetFileNameWithoutExtension(result.Event.File)));
        xml.WriteAttributeString("file", Clean(result.Event.File));
        xml.WriteAttributeString("time", Seconds(result.Took.TotalSeconds));
        if (!result.Event.Ok)
        {
            xml.WriteStartElement(IsError(result) ? "error" : "failure");
            xml.WriteAttributeString("message", Clean(result.Event.Failed is [var first, ..] ? first : "it did not end"));
            var lines = result.Event.Failed.Concat(result.Explanations);
            if (result.Event.Dropped is { } dropped) lines = lines.Append($"dropped on the way: {dropped}");
            xml.WriteString(Clean(string.Join('\n', lines)));
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Seconds(double seconds) => seconds.ToString("0.000", CultureInfo.InvariantCulture);

    /// <summary>Names and messages may hold what a file or a peer wrote; XML 1.0 has neither control characters nor U+FFFE and U+FFFF.</summary>
    private static string Clean(string text) => string.Concat(PlainText.Lines(text).Select(c => XmlConvert.IsXmlChar(c) || char.IsSurrogate(c) ? c : '?'));

    /// <summary>A writer that says what a file of it is written in.</summary>
    private sealed class Utf8Text() : StringWriter(CultureInfo.InvariantCulture)
    {
        public override Encoding Encoding => Encoding.UTF8;
    }
}
