using System.Text;
using Softphone.Core;
using Softphone.Lab;
using Softphone.Media;
using Softphone.Phone;
using Softphone.Sdp;
using Softphone.Sip;

namespace Softphone.Scenarios;

/// <summary>
/// A whole phone in a call under fire: damaged SIP, STUN, RTP, RTCP and SDP, from strangers and in the name of the peer. Nothing
/// throws, nothing grows, one packet never makes many, and when the call is over nothing of it is left.
/// </summary>
public sealed class JunkTests
{
    private const int Volley = 50_000;

    private static readonly string[] Pieces =
        ["\r\n", "\n", "\r", "\r\n ", "\0", ",", ";", "<sip:x@y>", "\"", "@", "%00", "[::]", "4294967296", "-1", ";lr", ";tag=", "ä", "\r\n\r\n", "Content-Length: 99999\r\n", "BYE", "UPDATE",
            "INFO", "a=candidate:1 1 UDP 1 0.0.0.0 0 typ host\r\n", "a=ice-ufrag:x\r\n", "a=inactive\r\n", "a=ptime:0\r\n", "m=audio 0 RTP/AVP 0\r\n", "c=IN IP4 0.0.0.0\r\n",
            "a=fmtp:96 useinbandfec=99999999999\r\n", "a=rtpmap:0 opus/48000/2\r\n", "REFER", "NOTIFY", "SUBSCRIBE", "Refer-To: <sip:x@203.0.113.77>\r\n", "Event: refer\r\n", "Session-Expires: 1;refresher=uas\r\n", "Min-SE: 4294967295\r\n", "Replaces: a;to-tag=b\r\n", "Require: 100rel\r\n", "Record-Route: <sip:;lr>\r\n"];

    [Theory]
    [InlineData(1ul)]
    [InlineData(2ul)]
    public void Call_JunkFromStrangers_GoesOn(ulong seed)
    {
        using var bench = new Bench(seed, answer: TimeSpan.Zero);
        bench.Dial();
        bench.Run(TimeSpan.FromSeconds(4));
        var before = bench.Memory();
        for (var i = 0; i < Volley; i++) bench.Fire(i, fromPeer: false);

        bench.Run(TimeSpan.FromSeconds(3));
        Assert.InRange(bench.Memory() - before, long.MinValue, 48 << 20);
        Assert.Equal(CallState.Connected, bench.Bob.Snapshot(bench.Now, new CallId(1))?.State);
        bench.HangUp();
        var end = bench.Events.OfType<PhoneEvent.CallEnded>().First(e => e.Call == new CallId(1));
        Assert.Equal(AudioOutcome.TwoWay, end.Summary.Audio);
        bench.AssertNothingLeft();
    }

    [Theory]
    [InlineData(3ul)]
    [InlineData(4ul)]
    public void Call_JunkInThePeersName_NothingThrowsNothingStays(ulong seed)
    {
        using var bench = new Bench(seed, answer: TimeSpan.FromMilliseconds(50));
        bench.Dial();
        bench.Run(TimeSpan.FromSeconds(4));
        var before = bench.Memory();
        for (var i = 0; i < Volley; i++)
        {
            bench.Fire(i, fromPeer: true);
            if (i % 5000 == 4999 && bench.Alice.ActiveCalls == 0) bench.Dial();
        }

        bench.Run(TimeSpan.FromSeconds(3));
        Assert.InRange(bench.Memory() - before, long.MinValue, 96 << 20);
        bench.HangUp();
        bench.AssertNothingLeft();
    }

    [Theory]
    [InlineData(5ul)]
    public void Callee_DamagedOffers_EachIsAnsweredOrRefused(ulong seed)
    {
        using var bench = new Bench(seed, answer: TimeSpan.FromMilliseconds(5));
        bench.Dial();
        bench.Run(TimeSpan.FromSeconds(2));
        bench.HangUp();
        bench.Run(TimeSpan.FromSeconds(40));
        for (var i = 0; i < 1500; i++) bench.Invite(i);

        bench.HangUp();
        bench.AssertNothingLeft();
    }

    [Theory]
    [InlineData(6ul)]
    public void Caller_DamagedAnswers_EachCallEnds(ulong seed)
    {
        using var bench = new Bench(seed, answer: TimeSpan.Zero);
        for (var i = 0; i < 400; i++) bench.DialOut(i);

        bench.HangUp();
        bench.AssertNothingLeft();
    }

    private sealed class Bench : IDisposable
    {
        private readonly World _world;
        private readonly SeededEntropy _chance;
        private readonly VirtualHost _host;
        private readonly VirtualPhone _alice;
        private readonly Tap _tap;
        private readonly AccountId _account;
        private readonly AccountId _bobsAccount;
        private readonly ulong _seed;
        private readonly List<PhoneEvent> _events = [];

        public Bench(ulong seed, TimeSpan answer)
        {
            _seed = seed;
            _world = new World(seed);
            _chance = new SeededEntropy(seed);
            var quick = new SipAgentOptions { UnsolicitedPerTenSeconds = seed % 2 == 0 ? 40 : 0 };
            _alice = new VirtualPhone(_world.AddHost("a", _world.Public, IpAddress.Parse("198.51.100.1"), Link.OfMilliseconds(5)),
                new PhoneOptions { Name = "alice", SipPort = 5060, Answering = new AnswerPolicy.Auto(answer, () => new CallOptions()) }, new CodecFactory());
            _host = _world.AddHost("b", _world.Public, IpAddress.Parse("198.51.100.2"), Link.OfMilliseconds(5));
            var options = new PhoneOptions { Name = "bob", SipPort = 5060, Sip = quick, Answering = new AnswerPolicy.Auto(answer, () => new CallOptions()) };
            Bob = new PhoneMachine(options, _host, _world.NewEntropy(), new CodecFactory(), new Trace(2_000));
            _tap = new Tap(Bob);
            _host.Run(_tap, AfterInput);
            _bobsAccount = Bob.AddAccount(new SipAccount { Aor = SipUri.Parse("sip:bob@198.51.100.2") });
            Bob.Start(Now);
            _host.Settle();
            _account = _alice.Machine.AddAccount(new SipAccount { Aor = SipUri.Parse("sip:alice@198.51.100.1") });
            _alice.Do((m, now) => m.Start(now));
        }

        public PhoneMachine Alice => _alice.Machine;

        public PhoneMachine Bob { get; }

        public Instant Now => _world.Now;

        public IReadOnlyList<PhoneEvent> Events => _events;

        public void Dial() => _alice.Do((m, now) => m.Call(now, _account, SipUri.Parse("sip:bob@198.51.100.2"), new CallOptions()));

        public void Run(TimeSpan time) => _world.RunUntil(Now + time);

        public long Memory() => GC.GetTotalMemory(forceFullCollection: true);

        /// <summary>One damaged packet, half a millisecond after the last.</summary>
        public void Fire(int round, bool fromPeer)
        {
            var (path, remote, octets) = _tap.Heard[_chance.NextInt(_tap.Heard.Count)];
            var shot = Damage(octets);
            // A third of what arrives belongs elsewhere: SIP at the media port, media at the SIP port.
            if (_chance.NextInt(3) == 0) path = _tap.Heard[_chance.NextInt(_tap.Heard.Count)].Path;
            if (!fromPeer) remote = new Address(IpAddress.Parse("203.0.113." + (1 + _chance.NextInt(250))), (ushort)(1024 + _chance.NextInt(60_000)));
            var sent = _tap.Sent;
            var sentOctets = _tap.SentOctets;
            Guard(round, shot, () =>
            {
                _tap.Inject(Now, path, remote, shot);
                _host.Settle();
            });
            Assert.True(_tap.Sent - sent <= 12, $"seed {_seed}, round {round}: one packet made {_tap.Sent - sent}\n{Encoding.Latin1.GetString(shot)}");
            Assert.True(_tap.SentOctets - sentOctets <= 12_000, $"seed {_seed}, round {round}: {shot.Length} octets made {_tap.SentOctets - sentOctets}");
            Guard(round, shot, () => Run(TimeSpan.FromMicroseconds(500)));
        }

        /// <summary>A sound INVITE with a damaged offer, and time enough to answer it.</summary>
        public void Invite(int round)
        {
            var heard = _tap.Heard.First(h => h.Octets.AsSpan().StartsWith("INVITE"u8));
            Assert.True(SipParser.TryParse(heard.Octets, out var message, out _));
            var invite = (SipRequest)message;
            var sdp = Damage(invite.Body.ToArray());
            var text = new StringBuilder($"INVITE sip:bob@198.51.100.2 SIP/2.0\r\nVia: SIP/2.0/UDP 198.51.100.1:5060;branch=z9hG4bKx{round};rport\r\nMax-Forwards: 70\r\n")
                .Append($"From: <sip:alice@198.51.100.1>;tag=f{round}\r\nTo: <sip:bob@198.51.100.2>\r\nCall-ID: c{round}\r\nCSeq: 1 INVITE\r\nContact: <sip:alice@198.51.100.1:5060>\r\n")
                .Append($"Content-Type: application/sdp\r\nContent-Length: {sdp.Length}\r\n\r\n");
            byte[] shot = [.. Encoding.ASCII.GetBytes(text.ToString()), .. sdp];
            Guard(round, shot, () =>
            {
                _tap.Inject(Now, heard.Path, heard.Remote, shot);
                _host.Settle();
                Run(TimeSpan.FromMilliseconds(400));
                Bob.Hangup(Now, new CallId(round + 2));
                _host.Settle();
            });
        }

        /// <summary>The phone under test calls; every third SIP message with a body that it gets is damaged there.</summary>
        public void DialOut(int round)
        {
            byte[] last = [];
            _tap.Mangle = octets =>
            {
                var body = octets.AsSpan().IndexOf("\r\n\r\nv=0"u8);
                if (!octets.AsSpan().StartsWith("SIP/2.0 "u8) || body < 0 || _chance.NextInt(3) > 0) return octets;
                var head = Encoding.Latin1.GetString(octets, 0, body + 4);
                var sdp = Damage(octets[(body + 4)..]);
                head = System.Text.RegularExpressions.Regex.Replace(head, "Content-Length: [0-9]+", $"Content-Length: {sdp.Length}");
                return last = [.. Encoding.Latin1.GetBytes(head), .. sdp];
            };
            Guard(round, last, () =>
            {
                var call = Bob.Call(Now, _bobsAccount, SipUri.Parse("sip:alice@198.51.100.1"), new CallOptions());
                _host.Settle();
                Run(TimeSpan.FromMilliseconds(300));
                Bob.Hold(Now, call, true);
                _host.Settle();
                Run(TimeSpan.FromMilliseconds(100));
                Bob.Hangup(Now, call);
                _host.Settle();
                Run(TimeSpan.FromMilliseconds(100));
            });
        }

        public void HangUp()
        {
            for (var id = 1; id <= 20_000; id++)
            {
                if (Bob.ActiveCalls == 0) break;
                Bob.Hangup(Now, new CallId(id));
            }

            _tap.Mangle = null;
            _host.Settle();
            for (var id = 1; id <= 50; id++) _alice.Do((m, now) => m.Hangup(now, new CallId(id)));
            Run(TimeSpan.FromSeconds(40));
        }

        public void AssertNothingLeft()
        {
            Run(TimeSpan.FromMinutes(5));
            Assert.Equal(0, Bob.ActiveCalls);
            Assert.Null(Bob.NextTimeout);
        }

        public void Dispose()
        {
            Bob.Dispose();
            _alice.Machine.Dispose();
        }

        private void Guard(int round, byte[] shot, Action act)
        {
            try
            {
                act();
            }
            catch (Exception e) when (e is not Xunit.Sdk.XunitException)
            {
                Assert.Fail($"seed {_seed}, round {round}: {e}\n{Convert.ToBase64String(shot)}");
            }
        }

        private byte[] Damage(byte[] packet)
        {
            if (_chance.NextInt(20) == 0) return packet;
            var octets = packet.ToList();
            for (var edits = 1 + _chance.NextInt(3); edits > 0; edits--)
            {
                var at = _chance.NextInt(octets.Count + 1);
                var length = Math.Min(_chance.NextInt(12), octets.Count - at);
                switch (_chance.NextInt(6))
                {
                    case 0 when at < octets.Count:
                        octets[at] = (byte)_chance.NextInt(256);
                        break;
                    case 1:
                        octets.RemoveRange(at, length);
                        break;
                    case 2:
                        octets.InsertRange(at, Encoding.UTF8.GetBytes(Pieces[_chance.NextInt(Pieces.Length)]));
                        break;
                    case 3:
                        octets.InsertRange(at, octets.GetRange(at, length));
                        break;
                    case 4 when at < octets.Count:
                        octets[at] ^= (byte)(1 << _chance.NextInt(8));
                        break;
                    default:
                        if (_chance.NextInt(6) == 0) octets.RemoveRange(at, octets.Count - at);
                        break;
                }
            }

            return [.. octets];
        }

        private void AfterInput(Instant now)
        {
            bool again;
            do
            {
                again = false;
                while (Bob.TryQuery(out var query))
                {
                    Bob.Resolved(now, _world.Names.Answer(query));
                    again = true;
                }

                while (Bob.TryEvent(out var happened))
                {
                    if (_events.Count < 10_000 || happened is PhoneEvent.CallEnded) _events.Add(happened);
                    again = true;
                }
            }
            while (again);
        }
    }
}
