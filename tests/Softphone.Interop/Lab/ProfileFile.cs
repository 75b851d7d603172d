namespace Softphone.Interop;

/// <summary>Writes the profile of one laboratory user, readable by its owner only.</summary>
internal static class ProfileFile
{
    /// <param name="folder">Where.</param>
    /// <param name="user">One of the laboratory's users.</param>
    /// <param name="password">Another than the user's.</param>
    /// <param name="turnPassword">Another than the server's.</param>
    /// <param name="stun">Another STUN server, host and port.</param>
    /// <param name="transport">Of SIP: "udp" or "tcp".</param>
    /// <param name="registrar">Another registrar's address.</param>
    /// <param name="codecs">A YAML list.</param>
    /// <param name="turn">How the TURN server is reached: "udp", "tcp" or "tls".</param>
    /// <param name="audio">A YAML map: the devices.</param>
    /// <param name="domain">Another domain than the laboratory's.</param>
    /// <param name="dtmf">How keys are sent.</param>
    /// <param name="transfers">What comes of a REFER.</param>
    public static string Write(string folder, string user, string? password = null, string? turnPassword = null, string? stun = null,
        string transport = "udp", string? registrar = null, string codecs = "[opus, g722, pcma, pcmu]", string turn = "udp", string audio = "{}",
        string domain = Laboratory.Domain, string dtmf = "auto", string transfers = "ask")
    {
        Directory.CreateDirectory(folder);
        var file = Path.Combine(folder, $"{user}.yaml");
        var relay = turn switch
        {
            "tls" => $"turns:{Laboratory.TurnName}",
            "tcp" => $"turn:{Laboratory.StunServer}?transport=tcp",
            _ => $"turn:{Laboratory.StunServer}",
        };
        File.WriteAllText(file, $"""
            account:
              uri: sip:{user}@{domain}
              auth-user: {user}
              password: {password ?? user + "-secret"}
              registrar: sip:{registrar ?? Laboratory.Registrar};transport={transport}
              outbound-proxy: sip:{registrar ?? Laboratory.Registrar};transport={transport}
              expires: 300
              transfers: {transfers}
            nat:
              mode: auto
              stun: [stun:{stun ?? Laboratory.StunServer}]
              turn:
                - urls: ["{relay}"]
                  user: {Laboratory.TurnUser}
                  password: {turnPassword ?? Laboratory.TurnPassword}
            media:
              codecs: {codecs}
              dtmf: {dtmf}
            audio: {audio}
            """);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return file;
    }
}
