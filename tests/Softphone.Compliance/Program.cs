using System.Reflection;
using System.Runtime.Loader;
using System.Text;

// Writes docs/compliance.md from the [Rfc] attributes of the built tests; with --check it only compares, and fails when they differ.
var top = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../../.."));
var target = Path.Combine(top, "docs", "compliance.md");
var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

var rules = new List<Rule>();
foreach (var folder in Directory.GetDirectories(Path.Combine(top, "tests")).Order(StringComparer.Ordinal))
{
    var assembly = Path.Combine(folder, "bin", configuration, "net10.0", Path.GetFileName(folder) + ".dll");
    if (File.Exists(assembly)) rules.AddRange(RulesOf(assembly));
}

var text = Write(rules);
if (args.Contains("--check"))
{
    var current = File.Exists(target) && File.ReadAllText(target) == text;
    Console.WriteLine(current ? "docs/compliance.md is as the tests say" : "docs/compliance.md is out of date: run ./build.sh compliance");
    return current ? 0 : 1;
}

File.WriteAllText(target, text);
Console.WriteLine($"{rules.Count} rules of {rules.Select(r => r.Rfc).Distinct().Count()} RFCs written to docs/compliance.md");
return 0;

static IEnumerable<Rule> RulesOf(string path)
{
    var context = new AssemblyLoadContext(path);
    var folder = Path.GetDirectoryName(path)!;
    context.Resolving += (loader, name) =>
        Path.Combine(folder, name.Name + ".dll") is var file && File.Exists(file) ? loader.LoadFromAssemblyPath(file) : null;
    var assembly = context.LoadFromAssemblyPath(path);
    foreach (var type in assembly.GetTypes().OrderBy(t => t.FullName, StringComparer.Ordinal))
    {
        var ofType = Attributes(type).ToList();
        foreach (var method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly).OrderBy(m => m.Name, StringComparer.Ordinal))
        {
            if (!method.GetCustomAttributesData().Any(a => a.AttributeType.Name is "FactAttribute" or "TheoryAttribute")) continue;
            foreach (var (rfc, section, line) in ofType.Concat(Attributes(method)))
                yield return new Rule(rfc, section, line, $"{type.Name}.{method.Name}");
        }
    }
}

static IEnumerable<(string Rfc, string Section, string Line)> Attributes(MemberInfo member) => member.GetCustomAttributesData()
    .Where(a => a.AttributeType.Name == "RfcAttribute")
    .Select(a => (
        (string)a.ConstructorArguments[0].Value!,
        (string)a.ConstructorArguments[1].Value!,
        a.NamedArguments.Where(n => n.MemberName == "Line").Select(n => (string)n.TypedValue.Value!).FirstOrDefault() ?? ""));

static string Write(List<Rule> rules)
{
    var page = new StringBuilder();
    page.Append("# Compliance\n\nGenerated from the tests by `./build.sh compliance`: each row is a rule of an RFC and the tests that hold it. ");
    page.Append("What departs from an RFC on purpose stands in [deviations.md](deviations.md).\n");
    foreach (var rfc in rules.GroupBy(r => r.Rfc).OrderBy(g => int.TryParse(g.Key, out var n) ? n : int.MaxValue).ThenBy(g => g.Key, StringComparer.Ordinal))
    {
        page.Append($"\n## {(int.TryParse(rfc.Key, out _) ? "RFC " : "")}{rfc.Key}\n\n| section | line | tests |\n|---|---|---|\n");
        foreach (var row in rfc.GroupBy(r => (r.Section, r.Line)).OrderBy(g => Order(g.Key.Section), StringComparer.Ordinal).ThenBy(g => g.Key.Line, StringComparer.Ordinal))
            page.Append($"| {row.Key.Section} | {row.Key.Line} | {string.Join("<br>", row.Select(r => r.Test).Distinct().Order(StringComparer.Ordinal))} |\n");
    }

    return page.ToString();
}

static string Order(string section) => string.Join('.', section.Split('.').Select(p => p.PadLeft(4, '0')));

internal sealed record Rule(string Rfc, string Section, string Line, string Test);
