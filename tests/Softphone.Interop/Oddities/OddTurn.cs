using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Softphone.Interop;

/// <summary>TURN servers that answer with something wrong.</summary>
internal static class OddTurn
{
    private const int Allocate = 0x0003, CreatePermission = 0x0008, Success = 0x0100, Failure = 0x0110;
    private const int Realm = 0x0014, Nonce = 0x0015, ErrorCode = 0x0009, Integrity = 0x0008, Lifetime = 0x000D, Mapped = 0x0020, Relayed = 0x0016;

    public static void Run(AttackField field)
    {
        var (words, code, _) = Test(field, "123456\0\0", "123456", permits: _ => true);
        field.Check(code == 8 && words.Contains("integrity", StringComparison.Ordinal), "a realm that ends in NUL, keys made without it: told", $"{code}: {words}");
        (words, code, _) = Test(field, "realm", "REALM", permits: _ => true);
        field.Check(code == 8 && words.Contains("integrity", StringComparison.Ordinal), "keys of another realm: told", $"{code}: {words}");

        var (_, _, nonces) = Test(field, "realm", "realm", permits: nonce => nonce == "second");
        field.Check(nonces.Contains("second"), "401 with a new nonce in place of 438 is tried once more", string.Join(' ', nonces));
        (words, _, nonces) = Test(field, "realm", "realm", permits: _ => false);
        field.Check(nonces.Count(n => n == "second") <= 4 && words.Contains("401", StringComparison.Ordinal), "401 to every nonce is not tried for ever, and told", $"{string.Join(' ', nonces)}: {words}");

        Silent(field);
    }

    /// <summary>`turn test` at such a server: its words, its exit code, and the nonces of the permissions that it asked for.</summary>
    private static (string Words, int? Code, IReadOnlyCollection<string> Nonces) Test(AttackField field, string realm, string keyRealm, Func<string, bool> permits)
    {
        using var server = new Stranger("127.0.0.1");
        var nonces = new ConcurrentQueue<string>();
        var port = 41_000;
        using var phone = PhoneProcess.Here(
            new Dictionary<string, string>(field.Variables()) { ["SOFTPHONE_TURN_PASSWORD"] = AttackField.Password }, ["turn", "test", "--turn", $"turn:{server.Here}?transport=udp", "--turn-user", "bob"]);
        var key = MD5.HashData(Encoding.UTF8.GetBytes($"bob:{keyRealm}:{AttackField.Password}"));
        var over = Task.Run(() => phone.WaitForExit(TimeSpan.FromSeconds(60)));
        while (!over.IsCompleted)
        {
            if (server.Take(TimeSpan.FromMilliseconds(100)) is not { } came || !StunOctets.Is(came.Octets)) continue;
            var (request, type) = (came.Octets, StunOctets.Type(came.Octets));
            if (type is not (Allocate or CreatePermission or 0x0004)) continue;
            var nonce = Encoding.UTF8.GetString(StunOctets.Attribute(request, Nonce) ?? []);
            byte[] answer;
            if (StunOctets.Attribute(request, Integrity) is null) answer = Refusal(request, type, realm, "first");
            else if (type == CreatePermission && !permits(nonce))
            {
                nonces.Enqueue(nonce);
                answer = Refusal(request, type, realm, "second");
            }
            else
            {
                if (type == CreatePermission) nonces.Enqueue(nonce);
                (int, byte[])[] attributes = type == Allocate
                    ? [(Relayed, StunOctets.Address(new IPEndPoint(IPAddress.Loopback, port++))), (Mapped, StunOctets.Address(came.From)), (Lifetime, [0, 0, 2, 88])]
                    : type == CreatePermission ? [] : [(Lifetime, [0, 0, 0, 0])];
                answer = StunOctets.Answer(request, type | Success, attributes, key);
            }

            server.Send(answer, came.From);
        }

        return (string.Join('\n', phone.Lines) + phone.Errors, over.Result, nonces);
    }

    private static byte[] Refusal(byte[] request, int type, string realm, string nonce) => StunOctets.Answer(
        request, type | Failure, [(ErrorCode, StunOctets.Error(401, "Unauthorized")), (Realm, Encoding.UTF8.GetBytes(realm)), (Nonce, Encoding.UTF8.GetBytes(nonce))]);

    /// <summary>`ice gather` with a server that says nothing is not "a call could start" and 0.</summary>
    private static void Silent(AttackField field)
    {
        using var server = new Stranger("127.0.0.1");
        using var phone = PhoneProcess.Here(field.Variables(), ["ice", "gather", "--stun", $"stun:{server.Here}"]);
        var code = phone.WaitForExit(TimeSpan.FromSeconds(60));
        field.Check(code == 8, "`ice gather` with a silent server ends with 8", $"{code}: {string.Join('\n', phone.Lines)} {phone.Errors}");
    }
}
