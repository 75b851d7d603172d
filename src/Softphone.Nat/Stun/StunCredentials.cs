using System.Security.Cryptography;
using System.Text;

namespace Softphone.Nat;

/// <summary>Makes keys of passwords (RFC 8489 §9.1.1, §9.2.2).</summary>
public static partial class StunCredentials
{
    /// <summary>The short-term key: the password itself, prepared as an OpaqueString (RFC 8489 §9.1.1).</summary>
    public static IntegrityKey ShortTerm(string password) => new(Encoding.UTF8.GetBytes(OpaqueString.Prepare(password)));

    /// <summary>The long-term key by MD5 (RFC 8489 §9.2.2, §18.5.1.1).</summary>
    public static IntegrityKey LongTermMd5(string username, string realm, string password) =>
        new(MD5.HashData(LongTermInput(username, realm, password)));

    /// <summary>The long-term key by SHA-256 (RFC 8489 §18.5.1.2).</summary>
    public static IntegrityKey LongTermSha256(string username, string realm, string password) =>
        new(SHA256.HashData(LongTermInput(username, realm, password)));

    /// <summary>USERHASH, which hides the username from the path (RFC 8489 §14.4).</summary>
    public static byte[] Userhash(string username, string realm) =>
        SHA256.HashData(Encoding.UTF8.GetBytes($"{OpaqueString.Prepare(username)}:{OpaqueString.Prepare(realm)}"));

    private static byte[] LongTermInput(string username, string realm, string password) =>
        Encoding.UTF8.GetBytes($"{OpaqueString.Prepare(username)}:{OpaqueString.Prepare(realm)}:{OpaqueString.Prepare(password)}");
}
