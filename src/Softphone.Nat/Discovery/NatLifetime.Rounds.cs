using Softphone.Core;

namespace Softphone.Nat;

/// <summary>The search: rounds of several times at once, each narrowing what is left.</summary>
public sealed partial class NatLifetime
{
    private void Begin(IReadOnlyList<TimeSpan> waits)
    {
        Clear();
        foreach (var wait in waits)
        {
            if (!_network.TryOpen(Transport.Udp, _local, 0, out var socket, out _, out _)) continue;
            var point = new Point(wait, socket);
            _points.Add(point);
            Turn(point);
        }

        _events.Enqueue(new Event.Progress(_alive, _gone, waits[^1] + EnoughSends * Interval + Patience));
        if (_points.Count == 0) Complete(null, "no socket could be opened");
    }

    private void Turn(Point point)
    {
        switch (point.State)
        {
            case State.Opening when point.Sends == EnoughSends:
                Decide(point, State.Void);
                break;
            case State.Opening:
                Ask(point, point.Socket, 0);
                point.LastSentAt = _now;
                point.Due = _now + Interval;
                break;
            case State.Idle:
                point.State = State.Asked;
                point.Sends = 0;
                Probe(point);
                break;
            case State.Asked when point.Sends < EnoughSends:
                Probe(point);
                break;
            case State.Asked:
                Decide(point, IsSilenceTold ? State.Gone : State.Void);
                break;
        }
    }

    /// <summary>The binding is there; from its last packet on it keeps still.</summary>
    private void Settle(Point point, Address mapped)
    {
        point.Mapped = mapped;
        point.State = State.Idle;
        point.Due = point.LastSentAt + point.Wait;
    }

    /// <summary>Asks for an answer at the socket's outer port, and for one to the asking socket itself as the control.</summary>
    private void Probe(Point point)
    {
        Ask(point, _asking, point.Mapped.Port);
        Ask(null, _asking, 0);
        point.Due = _now + (point.Sends < EnoughSends ? Interval : Patience);
    }

    private void Ask(Point? point, PathId from, ushort responsePort)
    {
        var id = TransactionId.Next(_entropy);
        Span<byte> buffer = stackalloc byte[64];
        Span<byte> port = [(byte)(responsePort >> 8), (byte)responsePort];
        var request = new StunWriter(buffer, StunClass.Request, StunMethod.Binding, id);
        if (responsePort != 0) request.Add(StunAttributeType.ResponsePort, port);
        request.AddFingerprint();
        _sent.Add(id, (point, responsePort != 0));
        if (point is null) _controlsSent++;
        else point.Sends++;
        _queue.Enqueue(from, _server, request.Written);
    }

    /// <summary>Whether so many lost packets in a row would be more than chance.</summary>
    private bool IsSilenceTold => _askingMapped.IsValid && Math.Pow((_controlsSent - _controlsAnswered + 1.0) / (_controlsSent + 2.0), EnoughSends) < 1e-3;

    private void Decide(Point point, State state)
    {
        if (state == State.Gone && _askingMapped.Ip != point.Mapped.Ip)
        {
            // The answer went to another outer address than the one that was asked about.
            state = State.Void;
            _evidence.Add($"two sockets have the outer addresses {point.Mapped.Ip} and {_askingMapped.Ip}: nothing can be asked for across them");
        }

        point.State = state;
        point.Due = null;
        _network.Close(point.Socket);
        if (state == State.Alive) _evidence.Add($"after {Seconds(point.Wait)} without a packet the binding lives");
        else if (state == State.Gone) _evidence.Add($"after {Seconds(point.Wait)} without a packet it is gone: {point.Sends} answers asked for, none came, while {_controlsAnswered} of {_controlsSent} controls did");
    }

    /// <summary>Ends the round as soon as the points that are still open cannot matter any more.</summary>
    private void Judge()
    {
        if (_isOver) return;
        var alive = _alive;
        TimeSpan? gone = null;
        foreach (var point in _points)
        {
            if (point.State == State.Alive && point.Wait > alive) alive = point.Wait;
        }

        foreach (var point in _points)
        {
            if (point.State == State.Gone && point.Wait > alive && (gone is null || point.Wait < gone)) gone = point.Wait;
        }

        foreach (var point in _points)
            if (!point.IsDecided && (gone is null || point.Wait < gone)) return;
        Next(alive, gone);
    }

    private void Next(TimeSpan alive, TimeSpan? gone)
    {
        var narrowed = alive > _alive || gone < (_gone ?? TimeSpan.MaxValue);
        _alive = alive;
        _gone = gone ?? _gone;
        if (_alive == TimeSpan.Zero && _gone is null) Complete(null, _askingMapped.IsValid || _controlsSent == 0 ? "no binding could be made: the server does not answer" : "too many packets get lost to tell");
        else if (_gone is not { } upper) Complete(_alive, $"nothing longer than {Seconds(_longest)} was tried");
        else if (!narrowed || upper - _alive <= Resolution(upper)) Complete(_alive, $"an idle binding lives {Seconds(_alive)} and is gone after {Seconds(upper)}");
        else Begin(Between(_alive, upper));
    }

    /// <summary>A thirtieth, and a second at least: keepalives need it no finer.</summary>
    private static TimeSpan Resolution(TimeSpan upper) => upper / 30 > TimeSpan.FromSeconds(1) ? upper / 30 : TimeSpan.FromSeconds(1);

    private static List<TimeSpan> Between(TimeSpan lower, TimeSpan upper)
    {
        var waits = new List<TimeSpan>();
        var points = Math.Min(PointsPerRound, (int)Math.Ceiling((upper - lower) / Resolution(upper)) - 1);
        for (var i = 1; i <= points; i++) waits.Add(lower + (upper - lower) * i / (points + 1));
        return waits;
    }

    private void Complete(TimeSpan? lifetime, string why)
    {
        _evidence.Add(why);
        _isOver = true;
        Clear();
        _events.Enqueue(new Event.Completed(lifetime, lifetime is null ? null : _gone, [.. _evidence]));
    }

    private void Clear()
    {
        foreach (var point in _points)
            if (!point.IsDecided) _network.Close(point.Socket);
        _points.Clear();
        _sent.Clear();
    }

    private static string Seconds(TimeSpan time) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.#} s");
}
