using System.Net;

namespace Softphone.Interop;

/// <summary>The server of the account: it takes each REGISTER, and asks each other request for credentials that it may rightly have.</summary>
internal sealed class FakeRegistrar : IDisposable
{
    private readonly Stranger _socket;
    private readonly Thread _thread;
    private readonly Lock _gate = new();
    private readonly List<WireMessage> _requests = [];
    private readonly TaskCompletionSource<IPEndPoint> _phone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isOver;

    public FakeRegistrar(string address, int port)
    {
        _socket = new Stranger(address, port);
        _thread = new Thread(Run) { IsBackground = true, Name = "registrar" };
        _thread.Start();
    }

    /// <summary>What came besides REGISTER.</summary>
    public IReadOnlyList<WireMessage> Requests
    {
        get { lock (_gate) return [.. _requests]; }
    }

    /// <summary>Where the phone is, once it has registered.</summary>
    public IPEndPoint? Phone(TimeSpan limit) => _phone.Task.Wait(limit) ? _phone.Task.Result : null;

    public void Dispose()
    {
        _isOver = true;
        _thread.Join();
        _socket.Dispose();
    }

    private void Run()
    {
        while (!_isOver)
        {
            if (_socket.Wait(TimeSpan.FromMilliseconds(200), m => m.Status == 0) is not { } request) continue;
            switch (request.Method)
            {
                case "REGISTER":
                    _socket.Send(request.Response("200 OK", $"Contact: {request.Header("Contact")};expires=300\r\n"), request.From);
                    _phone.TrySetResult(request.From);
                    break;
                case "ACK":
                    break;
                case "SUBSCRIBE":
                    _socket.Send(request.Response("489 Bad Event"), request.From);
                    break;
                default:
                    lock (_gate) _requests.Add(request);
                    _socket.Send(request.Response("401 Unauthorized", "WWW-Authenticate: Digest realm=\"seen-first-here\", nonce=\"n\", algorithm=MD5, qop=\"auth\"\r\n"), request.From);
                    break;
            }
        }
    }
}
