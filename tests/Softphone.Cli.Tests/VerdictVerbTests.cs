using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Softphone.Audio;
using Softphone.Core;
using Softphone.Media;
using Softphone.Phone;

namespace Softphone.Cli.Tests;

/// <summary>What verbs say and end with where something is wrong: no success is told where there was none.</summary>
public sealed class VerdictVerbTests : IDisposable
{
    private readonly Bench _bench = new();

    public void Dispose() => _bench.Dispose();

    /// <summary>One server that is not there says nothing of the NAT.</summary>
    [Fact]
    public async Task Nat_BesideADeadServer_EndsWith7_AndCallsNothingBlocked()
    {
        Assert.Equal(7, await RunAsync("nat", "--stun", $"stun:127.0.0.1:{FreePort()}"));
        Assert.Contains("127.0.0.1", _bench.Error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("UDP blocked", _bench.Out.ToString() + _bench.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Options_WhereNobodyAnswers_HasNoStatusAndEndsWith7(bool json)
    {
        Assert.Equal(7, await RunAsync(["options", $"sip:127.0.0.1:{FreePort()}", .. json ? ["--json"] : Array.Empty<string>()]));
        Assert.Contains("refused UDP", _bench.Error.ToString(), StringComparison.Ordinal);
        var told = _bench.Out.ToString();
        Assert.DoesNotContain("503", told, StringComparison.Ordinal);
        Assert.Contains("did not answer", told, StringComparison.Ordinal);
        if (!json) return;
        var options = JsonDocument.Parse(told.Split('\n')[0]).RootElement;
        Assert.Equal("options", options.GetProperty("ev").GetString());
        Assert.False(options.TryGetProperty("status", out _));
        Assert.True(options.GetProperty("ms").GetDouble() > 0);
    }

    [Theory]
    [InlineData(ProtocolType.Udp)]
    [InlineData(ProtocolType.Tcp)]
    public async Task Answer_AtAPortThatIsTaken_SaysSoAtOnceAndEndsWith7(ProtocolType protocol)
    {
        using var other = new Socket(AddressFamily.InterNetwork, protocol == ProtocolType.Udp ? SocketType.Dgram : SocketType.Stream, protocol);
        other.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        if (protocol == ProtocolType.Tcp) other.Listen();
        Assert.Equal(7, await RunAsync("answer", "--listen", other.LocalEndPoint!.ToString()!, "--echo", "--json"));
        Assert.Contains($"{other.LocalEndPoint} is in use", _bench.Error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("listening", _bench.Out.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answer_AtAForeignAddress_SaysSoAtOnceAndEndsWith7()
    {
        Assert.Equal(7, await RunAsync("answer", "--listen", "192.0.2.250:5060", "--echo"));
        Assert.Contains("192.0.2.250 is no address of this machine", _bench.Error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--report")]
    [InlineData("--pcap")]
    [InlineData("--record")]
    public async Task Call_WithAFileThatCannotBe_CallsNobodyAndEndsWith2(string flag)
    {
        Assert.Equal(2, await RunAsync("call", "sip:127.0.0.1:9", "--audio", "null", flag, "/nonexistent/folder/file.wav"));
        Assert.DoesNotContain("dialing", _bench.Out.ToString(), StringComparison.Ordinal);
        Assert.Contains("/nonexistent/folder/file.wav", _bench.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_WithHeaders_HasThemInItsInvite()
    {
        Assert.Equal(7, await RunAsync("call", $"sip:127.0.0.1:{FreePort()}", "--audio", "null", "--header", "Subject: lunch", "--header", "X-Queue: 7", "-v"));
        var said = _bench.Error.ToString().ReplaceLineEndings("\n");
        Assert.Contains("INVITE sip:127.0.0.1", said, StringComparison.Ordinal);
        Assert.Contains("    Subject: lunch\n", said, StringComparison.Ordinal);
        Assert.Contains("    X-Queue: 7\n", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("udp", "refused UDP")]
    [InlineData("tcp", "refused TCP")]
    public async Task Call_ByATransport_GoesByThatOne(string transport, string said)
    {
        Assert.Equal(7, await RunAsync("call", $"sip:127.0.0.1:{FreePort()};transport=tcp", "--audio", "null", "--transport", transport));
        Assert.Contains(said, _bench.Error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Subject", "write 'Name: value'")]
    [InlineData("Subject:", "write 'Name: value'")]
    [InlineData("Sub ject: x", "letters, digits")]
    [InlineData("Subject: a\r\nVia: b", "one line")]
    [InlineData("via: SIP/2.0/UDP 1.2.3.4", "writes that one itself")]
    [InlineData("v: SIP/2.0/UDP 1.2.3.4", "writes that one itself")]
    [InlineData("Proxy-Authorization: Digest x", "writes that one itself")]
    public async Task Call_WithAHeaderThatCannotBe_IsAMistakeOfUse(string header, string said)
    {
        Assert.Equal(2, await RunAsync("call", "sip:127.0.0.1:9", "--audio", "null", "--header", header));
        Assert.Contains(said, _bench.Error.ToString(), StringComparison.Ordinal);
    }

    /// <summary>What a call ends with comes before what the end of its phone brings, and the devices speak in their turn.</summary>
    [Fact]
    public async Task Call_ThatFails_TellsEverythingInTheOrderOfItsTime()
    {
        Assert.Equal(7, await RunAsync("call", $"sip:127.0.0.1:{FreePort()}", "--audio", "null", "--json"));
        var lines = _bench.Out.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var times = lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("t").GetString()).ToList();
        Assert.Equal(times.Order(StringComparer.Ordinal), times);
        Assert.Contains(lines, line => line.Contains("\"ev\":\"call.end\"", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("\"ev\":\"explain\"", StringComparison.Ordinal));
    }

    /// <summary>A profile that keeps records on disk has those of verbs too, and only such a one.</summary>
    [Theory]
    [InlineData("on-disk: true", 1)]
    [InlineData("on-disk: true\n  keep: off", 0)]
    [InlineData("on-disk: false", 0)]
    public async Task Call_OfAProfileWithRecordsOnDisk_StandsAmongTheCalls(string records, int calls)
    {
        var state = Directory.CreateTempSubdirectory("softphone-state-");
        _bench.Environment["XDG_STATE_HOME"] = state.FullName;
        _bench.AddProfile("p", $"account:\n  uri: sip:alice@lab.test\nrecords:\n  {records}\n");
        var port = FreePort();
        Assert.Equal(7, await RunAsync("call", $"sip:bob@127.0.0.1:{port}", "--audio", "null", "--profile", "p"));
        Assert.Equal(calls, new HistoryFile(new KeptFolders(_bench.Environment).History).Load().Count);
        if (calls > 0)
        {
            _bench.Out.GetStringBuilder().Clear();
            Assert.Equal(0, await RunAsync("calls", "show", "1", "--sip"));
            Assert.Contains($"INVITE sip:bob@127.0.0.1:{port} SIP/2.0", _bench.Out.ToString(), StringComparison.Ordinal);
            Assert.Contains("refused UDP", _bench.Out.ToString(), StringComparison.Ordinal);
        }

        state.Delete(recursive: true);
    }

    /// <summary>What a server said to REGISTER is there afterwards, as calls are.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Register_ThatFailsWithRecordsOnDisk_StandsAmongTheRegistrations(bool onDisk)
    {
        var state = Directory.CreateTempSubdirectory("softphone-state-");
        _bench.Environment["XDG_STATE_HOME"] = state.FullName;
        var port = FreePort();
        _bench.AddProfile("p", $"account:\n  uri: sip:alice@lab.test\n  password: secret\n  registrar: sip:127.0.0.1:{port}\nrecords:\n  on-disk: {(onDisk ? "true" : "false")}\n");
        Assert.Equal(7, await RunAsync("register", "--profile", "p", "--once"));
        _bench.Out.GetStringBuilder().Clear();
        Assert.Equal(0, await RunAsync("calls", "--registrations"));
        Assert.Equal(onDisk, _bench.Out.ToString().StartsWith("   1  ", StringComparison.Ordinal));
        Assert.Equal(!onDisk, _bench.Error.ToString().Contains("no registration that failed", StringComparison.Ordinal));
        if (onDisk)
        {
            _bench.Out.GetStringBuilder().Clear();
            Assert.Equal(0, await RunAsync("calls", "show", "1", "--registrations", "--sip", "--json"));
            var events = _bench.Out.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement).ToList();
            Assert.Equal(["registration.record", "explain", "sip.message"], events.Select(e => e.GetProperty("ev").GetString()));
            Assert.Equal(("p", "127.0.0.1"), (events[0].GetProperty("account").GetString(), events[0].GetProperty("server").GetString()));
            Assert.Contains("refused UDP", events[1].GetProperty("text").GetString(), StringComparison.Ordinal);
            Assert.StartsWith("REGISTER sip:127.0.0.1", events[2].GetProperty("text").GetString(), StringComparison.Ordinal);
            _bench.Out.GetStringBuilder().Clear();
            Assert.Equal(0, await RunAsync("calls", "show", "1", "--registrations", "--report"));
            Assert.StartsWith("# Registration at 127.0.0.1", _bench.Out.ToString(), StringComparison.Ordinal);
            Assert.Equal(2, await RunAsync("calls", "show", "2", "--registrations"));
        }

        state.Delete(recursive: true);
    }

    [Fact]
    public async Task Register_ThatFails_ExplainsItInJsonToo()
    {
        _bench.AddProfile("p", $"account:\n  uri: sip:alice@lab.test\n  password: secret\n  registrar: sip:127.0.0.1:{FreePort()}\n");
        Assert.Equal(7, await RunAsync("register", "--profile", "p", "--once", "--json"));
        var explain = Assert.Single(_bench.Out.ToString().Split('\n'), line => line.Contains("\"ev\":\"explain\"", StringComparison.Ordinal));
        Assert.Contains("Not registered: 127.0.0.1:", explain, StringComparison.Ordinal);
        Assert.Contains("refused UDP", explain, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(AudioOutcome.TwoWay, null)]
    [InlineData(AudioOutcome.SendOnly, "we sent and heard none")]
    [InlineData(AudioOutcome.ReceiveOnly, "we heard the peer and sent nothing")]
    [InlineData(AudioOutcome.None, "no audio flowed")]
    public void Warning_IsToldOfACallThatWasAnsweredAndHeardOneWay(AudioOutcome audio, string? said)
    {
        var summary = new CallSummary(200, "", CallEndCause.Local, null, TimeSpan.FromSeconds(1), null, null, "host", "opus", audio, null, "", Explanation.Empty);
        if (said is null) Assert.Null(CallResult.Warning(summary));
        else Assert.Contains(said, CallResult.Warning(summary), StringComparison.Ordinal);
        Assert.Null(CallResult.Warning(summary with { Setup = null }));
        Assert.Null(CallResult.Warning(summary with { Fault = new Fault(Layer.Ice, "no path") }));
    }

    [Theory]
    [InlineData("Headset", "Headset", null)]
    [InlineData("default", "null", null)]
    [InlineData("Hidden", "Headset", null)]
    [InlineData("Headse", "default", "the microphone Headse cannot be used")]
    [InlineData("default", "Speakers", "the loudspeaker Speakers cannot be used")]
    public void Devices_ThatAreNamedAndNotThere_AreTold(string input, string output, string? said)
    {
        var fault = DeviceSetup.Missing(new AudioProfile { Input = input, Output = output }, capture: true, playout: true, TwoDevices.Start);
        Assert.Equal(said, fault?.What);
        if (fault is not null) Assert.Equal(ExitCode.AudioDevice, ExitCodes.Of(fault));
    }

    [Fact]
    public void Devices_OfAMachineWithoutSound_AreMissingOnlyWhereTheyAreNamed()
    {
        Assert.Null(DeviceSetup.Missing(new AudioProfile(), capture: true, playout: true, NoSound));
        Assert.Equal("no sound", DeviceSetup.Missing(new AudioProfile { Output = "Headset" }, capture: true, playout: true, NoSound)?.What);
        Assert.Null(DeviceSetup.Missing(new AudioProfile { Input = "Headset" }, capture: false, playout: true, NoSound));
    }

    [Fact]
    public void Relay_LeadsToThePhoneOnlyWhileItRuns()
    {
        var direct = new List<OutputEvent>();
        var phone = new List<OutputEvent>();
        var relay = new EventRelay(new Direct(direct));
        relay.Write(Event("1"));
        relay.LeadTo(phone.Add);
        relay.Write(Event("2"));
        relay.LeadTo(null);
        relay.Write(Event("3"));
        Assert.Equal([Event("1"), Event("3")], direct);
        Assert.Equal([Event("2")], phone);

        static OutputEvent Event(string name) => new OutputEvent.DeviceLevel { T = default, Name = name, LevelDbfs = 0, PeakDbfs = 0 };
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private static bool NoSound([NotNullWhen(true)] out IAudioSystem? system, [NotNullWhen(false)] out Fault? fault)
    {
        (system, fault) = (null, new Fault(Layer.Audio, "no sound"));
        return false;
    }

    private async Task<int> RunAsync(params string[] args) => (int)await CommandLine.RunAsync(
        args, new VerbHandlers { Options = new OptionsVerb(), Nat = new NatVerb(), Answer = new AnswerVerb(), Call = new CallVerb(), Register = new RegisterVerb() }, _bench.Context);

    private sealed class Direct(List<OutputEvent> to) : IEventWriter
    {
        public void Write(OutputEvent happened) => to.Add(happened);
    }

    /// <summary>A headset that is listed, and a microphone that opens by a name that is not.</summary>
    private sealed class TwoDevices : IAudioSystem
    {
        public string Driver => "made up";

        public bool MovesWithDefault => false;

        public static bool Start([NotNullWhen(true)] out IAudioSystem? system, [NotNullWhen(false)] out Fault? fault)
        {
            (system, fault) = (new TwoDevices(), null);
            return true;
        }

        public IReadOnlyList<AudioDevice> List() => [new AudioDevice("Headset", true, true), new AudioDevice("Headset", false, true)];

        public string? DefaultName(bool isInput) => "Headset";

        public bool TryOpen(string? name, bool isInput, SampleRing ring, [NotNullWhen(true)] out IAudioStream? stream, [NotNullWhen(false)] out Fault? fault)
        {
            stream = name == "Hidden" && isInput ? new Stream() : null;
            fault = stream is null ? new Fault(Layer.Audio, $"the {(isInput ? "microphone" : "loudspeaker")} {name} cannot be used") : null;
            return stream is not null;
        }

        public bool Restart() => true;

        public void Dispose()
        {
        }

        private sealed class Stream : IAudioStream
        {
            public bool IsAlive => true;

            public void Dispose()
            {
            }
        }
    }
}
