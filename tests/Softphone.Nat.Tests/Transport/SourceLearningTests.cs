using System.Buffers.Binary;
using Softphone.Core;

namespace Softphone.Nat.Tests;

/// <summary>
/// Whom a stream without ICE believes. A script is one letter each 20 ms: S the signalled address, N another port of its host, G the host
/// that signalling comes from, X, Y and Z from anywhere, O the address of the description before, a small letter the same with a payload
/// type that nobody agreed, a dot nothing, and a dash six seconds of nothing.
/// </summary>
public sealed class SourceLearningTests
{
    private static readonly Dictionary<char, Address> _places = new()
    {
        ['N'] = Address.Parse("198.51.100.7:5044"),
        ['G'] = Address.Parse("198.51.100.9:7000"),
        ['X'] = Address.Parse("203.0.113.66:9"),
        ['Y'] = Address.Parse("203.0.113.67:9"),
        ['Z'] = Address.Parse("203.0.113.68:9"),
        ['O'] = Address.Parse("198.51.100.3:4000"),
        ['R'] = Address.Parse("10.0.0.4:4000"),
    };

    [Theory]
    // The signalled address wins, whoever was first.
    [InlineData("S", 'S')]
    [InlineData("XXXSXXXXXX", 'S')]
    [InlineData("..........XXXXXXXXXXXXS", 'S')]
    [InlineData("NNNNNNS", 'S')]
    [InlineData("SSSSXXXXXXXXXXXX", 'S')]
    [InlineData("SXSXSXSXSXSXSXSXSXSXSXSXSXSXSX", 'S')]
    // Another one after a run, while it is silent; from its own host or that of signalling sooner.
    [InlineData("..........XXX", 'S')]
    [InlineData("..........XXXX", 'X')]
    [InlineData("XXXX", 'S')]
    [InlineData("N", 'S')]
    [InlineData("NN", 'N')]
    [InlineData("GG", 'G')]
    [InlineData("..........xxxxxxxx", 'S')]
    [InlineData("nnnn", 'S')]
    // A pause of the peer's is nobody's chance, but for its own host; a long silence is.
    [InlineData("SSSS..............XXXXXXXX", 'S')]
    [InlineData("SSSS..............NN", 'N')]
    [InlineData("SSSSNN", 'S')]
    [InlineData("SSSS-XXX", 'S')]
    [InlineData("SSSS-XXXX", 'X')]
    [InlineData("SSSS-XXXXXS", 'S')]
    // Two strangers: neither, until one is silent; one from near wins.
    [InlineData("..........XYXYXYXYXYXYXYXY", 'S')]
    [InlineData("..........XXYYXXYYXXYY", 'S')]
    [InlineData("..........XXXXXXYXYXYXYXYXY", 'S')]
    [InlineData("..........XYXYXYXY-YYYY", 'Y')]
    [InlineData("..........XYZXYZXYZXYZXYZXYZ", 'S')]
    [InlineData("..........XGXGXGXG", 'G')]
    [InlineData("..........XXXXXXGXGXGX", 'G')]
    [InlineData("..........GXGXGXGXGXNXNXN", 'N')]
    [InlineData("..........XXXX-XYXYXYXYXYXYXYXY", 'X')]
    [Rfc("4961", "3", Line = "I83")]
    public void Target_AfterThePackets_IsWhoeverMayBeBelieved(string script, char target) => Assert.Equal(target, Run(new Scene(), script).Target);

    [Theory]
    [InlineData("XXXX", 'X')]
    [InlineData("XXX", 'S')]
    [InlineData("GG", 'G')]
    [InlineData("XXXXYXYXYXYXYXYX", 'S')]
    [InlineData("XXXXS", 'S')]
    [Rfc("4961", "3", Line = "I83")]
    public void Target_WherePrivateAddressIsSignalled_IsLearntWithinAFewPackets(string script, char target) =>
        Assert.Equal(target, Run(new Scene("192.168.1.5:5000"), script).Target);

    [Theory]
    // What is under way from the old address turns nothing back, however much it is, with the new one silent or not.
    [InlineData('O', "OOO", 'S')]
    [InlineData('O', "OOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOO", 'S')]
    [InlineData('O', "S-OOOOOOOOOO", 'S')]
    [InlineData('O', "SOSOSO", 'S')]
    [InlineData('O', "-OOOO", 'S')]
    [InlineData('O', "OOOOXXXXOOO......XXXX", 'X')]
    [Rfc("3264", "8.3.1")]
    public void Target_AfterANewDescription_IsNotTurnedBackByTheOldSource(char old, string script, char target)
    {
        var scene = new Scene();
        scene.Learning.Expect(scene.Now, _places[old], [], []);
        Run(scene, "" + old + old + old);
        scene.Describe();
        Assert.Equal(target, Run(scene, script).Target);
    }

    [Fact]
    [Rfc("3264", "8.3.1")]
    public void OldSource_IsHeardUntilTheNewOneSpeaks()
    {
        var scene = new Scene();
        scene.Learning.Expect(scene.Now, _places['O'], [], []);
        Run(scene, "OO");
        scene.Describe();
        Assert.Equal(SourceVerdict.Taken, scene.Send('O'));
        Assert.Equal(SourceVerdict.Taken, scene.Send('S'));
        Assert.Equal(SourceVerdict.Refused, scene.Send('O'));
        Assert.Equal(1, scene.Learning.Refused);
    }

    [Fact]
    public void OldSource_LearntUnderTheLastDescription_IsFormerToo()
    {
        var scene = new Scene("192.168.1.5:5000");
        Assert.Equal('X', Run(scene, "XXXXXX").Target);
        scene.Describe("198.51.100.7:5000");
        Assert.Equal('S', Run(scene, "XXXXXXXXXXXX-XXXXXXXX").Target);
    }

    [Theory]
    [InlineData("OOOO", 'S')]
    [InlineData("-OOOO", 'S')]
    [InlineData("OOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOOO", 'O')]
    public void OldSource_WhereAPrivateAddressIsNamedNow_IsFollowedOnceItIsNoStraggler(string script, char target)
    {
        // A gateway rewrote the first description and not the second.
        var scene = new Scene();
        scene.Learning.Expect(scene.Now, _places['O'], [], []);
        Run(scene, "OO");
        scene.Describe("192.168.1.5:5000");
        Assert.Equal(target, Run(scene, script).Target);
    }

    [Fact]
    public void HoldByZeros_AndResumeWithTheSameAddress_LearnsTheSameSourceAgain()
    {
        var scene = new Scene("192.168.1.5:5000");
        Run(scene, "XXXX");
        scene.Describe("0.0.0.0:0");
        Assert.Equal(SourceVerdict.Refused, scene.Send('X'));
        Assert.False(scene.Learning.Target.IsValid);
        scene.Describe("192.168.1.5:5000");
        Assert.Equal('X', Run(scene, "XXXX").Target);
    }

    [Theory]
    [InlineData(0, 4, 'X')]
    [InlineData(0, 3, 'S')]
    [InlineData(1, 8, 'S')]
    public void SameStream_FromElsewhere_IsThePeersNatThatChangedItsMind(int overlap, int packets, char target)
    {
        var scene = new Scene();
        Run(scene, "SSSSSS");
        for (var i = 0; i < packets; i++)
        {
            scene.Send('X', as_: 'S');
            if (overlap > 0) scene.Send('S');
        }

        Assert.Equal(target, scene.Target);
    }

    [Fact]
    public void Contest_IsToldOnceWithBothNames_AndAgainAfterItWasOver()
    {
        var scene = new Scene("192.168.1.5:5000");
        var told = Run(scene, "XYXYXYXYXYXYXYXY").Verdicts.Count(v => v == SourceVerdict.Contested);
        Assert.Equal(1, told);
        Assert.Equal(new HashSet<Address> { _places['X'], _places['Y'] }, [scene.Learning.Rivals.First, scene.Learning.Rivals.Second]);
        Run(scene, "SSXYXYXYXYXYXYXY");
        Assert.Equal(1, scene.Learning.Contests);
        Run(scene, "-XYXYXYXYXYXYXYXY");
        Assert.Equal(2, scene.Learning.Contests);
    }

    [Fact]
    [Rfc("3605", "2.1")]
    public void Reports_OnTheirOwnPort_ComeFromTheHostThatRtpComesFrom()
    {
        var learning = new SourceLearning(TimeSpan.FromSeconds(5));
        var (host, now) = (IpAddress.Parse("203.0.113.66"), new Instant(1));
        learning.Expect(now, Address.Parse("192.168.1.5:5001"), [], []);
        Assert.Equal(SourceVerdict.Refused, learning.TakeReport(now, _places['Y'], host));
        Assert.Equal(SourceVerdict.Followed, learning.TakeReport(now, _places['X'], host));
        Assert.Equal(_places['X'], learning.Target);
        Assert.Equal(SourceVerdict.Refused, learning.TakeReport(now, new Address(host, 77), host));
        Assert.Equal(SourceVerdict.Returned, learning.TakeReport(now, Address.Parse("192.168.1.5:5001"), host));
    }

    [Fact]
    public void JunkOfEveryLength_IsRefusedAndNeverThrows()
    {
        var scene = new Scene();
        for (var length = 0; length < 40; length++)
            for (var kind = 0; kind < 3; kind++)
                Assert.Equal(SourceVerdict.Refused, scene.Learning.Take(scene.Now, _places['X'], kind == 0 ? PacketKind.Rtp : kind == 1 ? PacketKind.Rtcp : PacketKind.Unknown, new byte[length]));
        Assert.Equal(120, scene.Learning.Refused);
    }

    private static Scene Run(Scene scene, string script)
    {
        foreach (var letter in script)
        {
            if (letter == '-') scene.Wait(6_000);
            else if (letter == '.') scene.Wait(20);
            else scene.Send(letter);
        }

        return scene;
    }

    private sealed class Scene
    {
        private readonly Dictionary<char, ushort> _sequences = [];

        public Scene(string signalled = "198.51.100.7:5000")
        {
            Describe(signalled);
        }

        public SourceLearning Learning { get; } = new(TimeSpan.FromSeconds(5));

        public Instant Now { get; private set; } = new(1_000_000_000);

        public List<SourceVerdict> Verdicts { get; } = [];

        public char Target => Learning.Target == Learning.Signalled ? 'S' : _places.First(p => p.Value == Learning.Target).Key;

        public void Describe(string signalled = "198.51.100.7:5000") =>
            Learning.Expect(Now, signalled == "0.0.0.0:0" ? default : Address.Parse(signalled), [IpAddress.Parse("198.51.100.9")], [0, 8, 101]);

        public void Wait(int milliseconds) => Now += TimeSpan.FromMilliseconds(milliseconds);

        public SourceVerdict Send(char who, char? as_ = null)
        {
            var (place, stream) = (char.ToUpperInvariant(who), as_ ?? char.ToUpperInvariant(who));
            var sequence = _sequences[stream] = (ushort)(_sequences.GetValueOrDefault(stream, (ushort)65_530) + 1);
            var packet = new byte[172];
            packet[0] = 0x80;
            packet[1] = (byte)(char.IsLower(who) ? 97 : 0x80 | 8);
            BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), sequence);
            BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(8), stream);
            Wait(20);
            Verdicts.Add(Learning.Take(Now, place == 'S' ? Learning.Signalled : _places[place], PacketKind.Rtp, packet));
            return Verdicts[^1];
        }
    }
}
