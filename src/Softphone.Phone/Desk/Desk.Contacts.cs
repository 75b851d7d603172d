using Softphone.Core;

namespace Softphone.Phone;

/// <summary>Contacts, and the names of peers by them.</summary>
public sealed partial class Desk
{
    private IReadOnlyList<Contact> _contacts;

    private void Name(DeskCall call) => call.Name = call.ToldName;

    /// <summary>The peer as events name it.</summary>
    private static string Called(DeskCall call) => call.Name.Length > 0 ? call.Name : call.Peer;
}
