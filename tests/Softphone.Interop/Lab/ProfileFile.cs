namespace Softphone.Interop;

/// <summary>Writes the profile of one laboratory user, readable by its owner only.</summary>
internal static class ProfileFile
{
    public static string Write(string folder, string user, string? password = null, string? turnPassword = null, string? stun = null,
        string transport = "udp", string? registrar = null, string codecs = "[opus, g722, pcma, pcmu]")
    {
        Directory.CreateDirectory(folder);
        var file = Path.Combine(folder, $"{user}.yaml");
        File.WriteAllText(file, $"""
            account:
              uri: sip:{user}@{Laboratory.Domain}
              auth-user: {user}
              password: {password ?? user + "-secret"}
              registrar: sip:{registrar ?? Laboratory.Registrar};transport={transport}
              outbound-proxy: sip:{registrar ?? Laboratory.Registrar};transport={transport}
              expires: 300
            nat:
              mode: auto
              stun: [stun:{stun ?? Laboratory.StunServer}]
              turn:
                - urls: [turn:{Laboratory.StunServer}]
                  user: {Laboratory.TurnUser}
                  password: {turnPassword ?? Laboratory.TurnPassword}
            media:
              codecs: {codecs}
            """);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return file;
    }
}
