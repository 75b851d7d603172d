using System.Reflection;
using System.Runtime.CompilerServices;

namespace Softphone.House.Tests;

/// <summary>The rooms as they were compiled and their source as it stands: what is measured here is what ships.</summary>
internal static class House
{
    /// <summary>From the ground up: a room may use those before it in this list and no other.</summary>
    public static readonly string[] Rooms =
    [
        "Softphone.Core", "Softphone.Internet", "Softphone.Sdp", "Softphone.Sip", "Softphone.Nat", "Softphone.Servers", "Softphone.Media", "Softphone.Terminal", "Softphone.Sockets", "Softphone.Audio",
        "Softphone.Phone", "Softphone.Captures", "Softphone.Lab", "Softphone.Tui", "softphone",
    ];

    /// <summary>The top folder of the checkout.</summary>
    public static string Top { get; } = TopOf();

    public static IReadOnlyList<Room> All { get; } = [.. Rooms.Select(name => new Room(Assembly.Load(name)))];

    private static string TopOf([CallerFilePath] string source = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(source)!, "../.."));
}
