using System.Text;
using System.Text.Json;
using YamlDotNet.RepresentationModel;

namespace Softphone.Cli;

/// <summary>A profile's YAML, as <see cref="Phone.ProfileWriter"/> spells it out, as one JSON object.</summary>
internal static class ProfileJson
{
    /// <param name="name">The profile's name; it comes first.</param>
    /// <param name="yaml">Every setting.</param>
    public static string Of(string name, string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        using var content = new MemoryStream();
        using (var json = new Utf8JsonWriter(content))
        {
            json.WriteStartObject();
            json.WriteString("profile", name);
            foreach (var (key, value) in (YamlMappingNode)stream.Documents[0].RootNode) Write(json, ((YamlScalarNode)key).Value!, value);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(content.ToArray());
    }

    /// <summary>A profile of a list: its account, or what is wrong with it.</summary>
    public static string Line(string name, string? uri, string? mistake)
    {
        using var content = new MemoryStream();
        using (var json = new Utf8JsonWriter(content, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("profile", name);
            if (uri is not null) json.WriteString("uri", uri);
            if (mistake is not null) json.WriteString("mistake", mistake);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(content.ToArray());
    }

    private static void Write(Utf8JsonWriter json, string key, YamlNode node)
    {
        json.WritePropertyName(key);
        Write(json, node);
    }

    private static void Write(Utf8JsonWriter json, YamlNode node)
    {
        switch (node)
        {
            case YamlMappingNode map:
                json.WriteStartObject();
                foreach (var (key, value) in map) Write(json, ((YamlScalarNode)key).Value!, value);
                json.WriteEndObject();
                break;
            case YamlSequenceNode list:
                json.WriteStartArray();
                foreach (var item in list) Write(json, item);
                json.WriteEndArray();
                break;
            case YamlScalarNode { Style: YamlDotNet.Core.ScalarStyle.Plain, Value: "" or "~" or "null" }:
                json.WriteNullValue();
                break;
            case YamlScalarNode { Style: YamlDotNet.Core.ScalarStyle.Plain } plain when plain.Value is "true" or "false":
                json.WriteBooleanValue(plain.Value == "true");
                break;
            case YamlScalarNode { Style: YamlDotNet.Core.ScalarStyle.Plain } plain when long.TryParse(plain.Value, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number):
                json.WriteNumberValue(number);
                break;
            default:
                json.WriteStringValue(((YamlScalarNode)node).Value);
                break;
        }
    }
}
