using Softphone.Core;
using Softphone.Nat;

namespace Softphone.Lab.Tests;

/// <summary>A world with a STUN/TURN server on 203.0.113.10/.11, and a client that speaks STUN by hand.</summary>
internal sealed class StunBench
{
    public const string Realm = "lab.test";
    public static readonly IpAddress Primary = IpAddress.Parse("203.0.113.10");
    public static readonly IpAddress Alternate = IpAddress.Parse("203.0.113.11");
    public static readonly Address Server = new(Primary, 3478);

    private readonly SeededEntropy _entropy = new(99);

    public StunBench(Func<TurnServerOptions, TurnServerOptions>? turn = null, Func<StunServerOptions, StunServerOptions>? stun = null, ulong seed = 5, Trace? trace = null, params ReadOnlySpan<IpAddress> moreAddresses)
    {
        World = new World(seed, new Trace());
        ServerHost = World.AddHost("turn", World.Public, Primary);
        ServerHost.Attach(World.Public, Alternate);
        foreach (var address in moreAddresses) ServerHost.Attach(World.Public, address);
        var users = new Dictionary<string, string> { ["alice"] = "alice-secret", ["bob"] = "bob-secret" };
        var turnOptions = new TurnServerOptions(Server, Realm) { Users = users };
        var stunOptions = new StunServerOptions(Primary) { Alternate = Alternate };
        Machine = new StunTurnServer(stun?.Invoke(stunOptions) ?? stunOptions, turn?.Invoke(turnOptions) ?? turnOptions, ServerHost, World.NewEntropy(), trace);
        Assert.True(Machine.TryStart(out _));
        ServerHost.Run(Machine);
    }

    public World World { get; }

    public VirtualHost ServerHost { get; }

    public StunTurnServer Machine { get; }

    public TurnServer Turn => Machine.Turn;

    public TransactionId NewId() => TransactionId.Next(_entropy);

    /// <summary>Sends octets and returns the answers that came within a second.</summary>
    public List<(Address From, byte[] Message)> Ask(Bench client, Address to, ReadOnlySpan<byte> message)
    {
        var before = client.Probe.Received.Count;
        client.Probe.Send(client.Path, to, message);
        client.Host.Settle();
        World.RunUntil(World.Now + TimeSpan.FromSeconds(1));
        return [.. client.Probe.Received.Skip(before).Where(r => r.Path == client.Path).Select(r => (r.From, System.Text.Encoding.Latin1.GetBytes(r.Text)))];
    }

    /// <summary>The mapped address of a plain Binding request.</summary>
    public Address Mapped(Bench client, Address to)
    {
        var buffer = new byte[64];
        var writer = new StunWriter(buffer, StunClass.Request, StunMethod.Binding, NewId());
        var answer = Assert.Single(Ask(client, to, writer.Written));
        Assert.True(StunReader.TryParse(answer.Message, out var reader, out _));
        Assert.True(reader.TryGetAddress(StunAttributeType.XorMappedAddress, out var mapped));
        return mapped;
    }

    /// <summary>Where the answer to a Binding request with these CHANGE-REQUEST flags came from; null when none came.</summary>
    public Address? AnswerFrom(Bench client, Address to, uint change)
    {
        var buffer = new byte[64];
        var writer = new StunWriter(buffer, StunClass.Request, StunMethod.Binding, NewId());
        writer.AddUInt32(StunAttributeType.ChangeRequest, change);
        var answers = Ask(client, to, writer.Written);
        return answers.Count == 0 ? null : Assert.Single(answers).From;
    }
}
