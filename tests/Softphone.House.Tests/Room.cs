using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;

namespace Softphone.House.Tests;

/// <summary>One assembly: its types, the folder of the source that each was compiled from, and which types each one names.</summary>
internal sealed class Room
{
    private const BindingFlags Own = BindingFlags.DeclaredOnly | BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    // Debug information of types without code, such as interfaces and enums (portable PDB, "TypeDefinitionDocuments").
    private static readonly Guid DocumentsOfType = new("932E74BC-DBA9-4478-8D46-0F32A7BAB3D3");

    private readonly Dictionary<Type, string> _folders = [];

    public Room(Assembly assembly)
    {
        Assembly = assembly;
        Name = assembly.GetName().Name!;
        using var pdb = MetadataReaderProvider.FromPortablePdbStream(File.OpenRead(Path.ChangeExtension(assembly.Location, ".pdb")));
        var reader = pdb.GetMetadataReader();
        Types = [.. assembly.GetTypes().Where(t => !t.IsNested && !t.Name.Contains('<') && t.Namespace?.StartsWith("Softphone", StringComparison.Ordinal) == true)];
        foreach (var type in Types)
            if (FolderOf(type, reader) is { } folder) _folders[type] = folder;
    }

    public Assembly Assembly { get; }

    public string Name { get; }

    public IReadOnlyList<Type> Types { get; }

    public IEnumerable<string> Folders => _folders.Values.Distinct();

    /// <summary>Which folder names types of which other folder of the same room.</summary>
    public Dictionary<(string From, string To), (Type From, Type To)> Arrows()
    {
        Dictionary<(string From, string To), (Type From, Type To)> arrows = [];
        foreach (var (type, folder) in _folders)
        {
            foreach (var used in Uses(type))
                if (_folders.TryGetValue(used, out var other) && other != folder) arrows.TryAdd((folder, other), (type, used));
        }

        return arrows;
    }

    /// <summary>The types that a type, and what is nested in it, names: in signatures, fields and code.</summary>
    public static HashSet<Type> Uses(Type type)
    {
        HashSet<Type> found = [];
        foreach (var part in new[] { type }.Concat(type.GetNestedTypes(Own).SelectMany(Deep)))
        {
            Note(part.BaseType, found);
            foreach (var face in part.GetInterfaces()) Note(face, found);
            foreach (var field in part.GetFields(Own)) Note(field.FieldType, found);
            foreach (var method in part.GetMembers(Own).OfType<MethodBase>()) NoteMethod(method, found);
        }

        found.Remove(type);
        return found;
    }

    private static IEnumerable<Type> Deep(Type type) => new[] { type }.Concat(type.GetNestedTypes(Own).SelectMany(Deep));

    private static void NoteMethod(MethodBase method, HashSet<Type> found)
    {
        foreach (var parameter in method.GetParameters()) Note(parameter.ParameterType, found);
        if (method is MethodInfo { ReturnType: var returned }) Note(returned, found);
        if (method.GetMethodBody() is not { } body) return;
        foreach (var local in body.LocalVariables) Note(local.LocalType, found);
        foreach (var token in IlCode.TokensOf(body.GetILAsByteArray()!))
        {
            var member = method.Module.ResolveMember(token, method.DeclaringType!.GetGenericArguments(), method is MethodInfo { IsGenericMethodDefinition: true } ? method.GetGenericArguments() : null);
            Note(member as Type ?? member?.DeclaringType, found);
            if (member is MethodInfo { IsGenericMethod: true } generic)
                foreach (var argument in generic.GetGenericArguments()) Note(argument, found);
            if (member is FieldInfo field) Note(field.FieldType, found);
        }
    }

    private static void Note(Type? type, HashSet<Type> found)
    {
        while (type?.HasElementType == true) type = type.GetElementType();
        if (type is null || type.IsGenericParameter) return;
        foreach (var argument in type.GenericTypeArguments) Note(argument, found);
        if (type.IsGenericType) type = type.GetGenericTypeDefinition();
        while (type!.DeclaringType is { } outer) type = outer;
        found.Add(type);
    }

    /// <summary>The folder below the room, by the document that has the type's name or else the first one; "." for the room itself.</summary>
    private string? FolderOf(Type type, MetadataReader pdb)
    {
        var documents = Deep(type).SelectMany(t => DocumentsOf(t, pdb)).Distinct().ToList();
        var name = type.Name.Split('`')[0];
        var main = documents.FirstOrDefault(d => Path.GetFileNameWithoutExtension(d) == name) ?? documents.FirstOrDefault();
        var room = $"/src/{(Name == "softphone" ? "Softphone" : Name)}/";
        if (main is null || main.IndexOf(room, StringComparison.Ordinal) is var at && at < 0) return null;
        var folder = Path.GetDirectoryName(main[(at + room.Length)..])!;
        return folder.Length == 0 ? "." : folder;
    }

    private static IEnumerable<string> DocumentsOf(Type type, MetadataReader pdb)
    {
        foreach (var method in type.GetMembers(Own).OfType<MethodBase>())
        {
            var handle = MetadataTokens.MethodDefinitionHandle(method.MetadataToken & 0xFFFFFF);
            var document = pdb.GetMethodDebugInformation(handle).Document;
            if (!document.IsNil && !method.IsDefined(typeof(System.Runtime.CompilerServices.CompilerGeneratedAttribute))) yield return pdb.GetString(pdb.GetDocument(document).Name);
        }

        foreach (var handle in pdb.GetCustomDebugInformation(MetadataTokens.TypeDefinitionHandle(type.MetadataToken & 0xFFFFFF)))
        {
            var information = pdb.GetCustomDebugInformation(handle);
            if (pdb.GetGuid(information.Kind) != DocumentsOfType) continue;
            var blob = pdb.GetBlobReader(information.Value);
            while (blob.RemainingBytes > 0) yield return pdb.GetString(pdb.GetDocument(MetadataTokens.DocumentHandle(blob.ReadCompressedInteger())).Name);
        }
    }
}
