using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Softphone.Phone;

namespace Softphone.Cli;

/// <summary>What is kept, as JSON on one line. Source-generated, so that it survives trimming.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(KeptLine))]
[JsonSerializable(typeof(KeptSettings))]
[JsonSerializable(typeof(Contact))]
internal sealed partial class KeptJson : JsonSerializerContext
{
    private static readonly KeptJson Kept = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    public static JsonTypeInfo<KeptLine> Line => (JsonTypeInfo<KeptLine>)Kept.GetTypeInfo(typeof(KeptLine))!;

    public static JsonTypeInfo<KeptSettings> Settings => (JsonTypeInfo<KeptSettings>)Kept.GetTypeInfo(typeof(KeptSettings))!;

    public static JsonTypeInfo<Contact> Person => (JsonTypeInfo<Contact>)Kept.GetTypeInfo(typeof(Contact))!;

    /// <summary>Reads one line; null when it is not one.</summary>
    public static T? Read<T>(ReadOnlySpan<byte> line, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(line, type);
        }
        // Of a line without its kind, and of octets that are no text.
        catch (Exception e) when (e is JsonException or NotSupportedException or InvalidOperationException)
        {
            return null;
        }
    }
}
