namespace Softphone.Phone;

/// <summary>An account as another phone's file has it, in our settings as far as there is one for each.</summary>
public sealed class ForeignAccount
{
    private readonly Dictionary<string, string> _settings = [];
    private readonly List<string> _left = [];

    /// <summary>Values by key, "account.uri".</summary>
    public IReadOnlyDictionary<string, string> Settings => _settings;

    /// <summary>As it stands in the file; null where it does not. Never to be shown.</summary>
    public string? Password { get; internal set; }

    /// <summary>The same for its TURN server.</summary>
    public string? TurnPassword { get; internal set; }

    /// <summary>What is not taken over, and why, each for a person. No values: there may be secrets among them.</summary>
    public IReadOnlyList<string> Left => _left;

    internal string? this[string key] => _settings.GetValueOrDefault(key);

    /// <summary>Sets what is not empty.</summary>
    internal void Set(string key, string? value)
    {
        if (!string.IsNullOrWhiteSpace(value)) _settings[key] = value.Trim();
    }

    internal void Unset(string key) => _settings.Remove(key);

    internal void Leave(string what)
    {
        if (!_left.Contains(what)) _left.Add(what);
    }

    /// <summary>The codecs of a list that we have, in its order.</summary>
    internal void SetCodecs(IEnumerable<string> names)
    {
        List<string> known = [];
        List<string> unknown = [];
        foreach (var name in names.Select(n => n.Split('/')[0].Trim()).Where(n => n.Length > 0))
        {
            if (!Softphone.Sdp.SdpCodec.TryFind(name, out var codec)) unknown.Add(ForeignText.Shown(name));
            else if (!known.Contains(codec.Name.ToLowerInvariant())) known.Add(codec.Name.ToLowerInvariant());
        }

        if (known.Count > 0) Set("media.codecs", string.Join(',', known));
        if (unknown.Count > 0) Leave($"codecs that this phone lacks: {string.Join(", ", unknown.Distinct())}");
    }

    /// <summary>A server for STUN as other phones write it: a host with or without a port, or a URI.</summary>
    internal void SetStun(string? server)
    {
        if (string.IsNullOrWhiteSpace(server)) return;
        var scheme = server.Split(':')[0].ToLowerInvariant();
        var uri = scheme is "stun" or "stuns" or "turn" or "turns" ? server : $"stun:{server}";
        if (!ServerUri.TryParse(uri, out var parsed)) Leave($"its STUN server, whose address cannot be read: {ForeignText.Shown(server)}");
        else Set(parsed.IsTurn ? "nat.turn.urls" : "nat.stun", parsed.ToString());
    }
}
