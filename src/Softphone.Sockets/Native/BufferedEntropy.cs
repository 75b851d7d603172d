namespace Softphone.Sockets;

/// <summary>Fetches random octets in blocks, for machines that need a few for each packet. Not shared between threads.</summary>
public sealed class BufferedEntropy(IEntropy source) : IEntropy
{
    private readonly byte[] _block = new byte[4096];
    private int _used = 4096;

    public void Fill(Span<byte> octets)
    {
        if (octets.Length > _block.Length / 4)
        {
            source.Fill(octets);
            return;
        }

        if (_used + octets.Length > _block.Length)
        {
            source.Fill(_block);
            _used = 0;
        }

        var taken = _block.AsSpan(_used, octets.Length);
        taken.CopyTo(octets);
        // What was handed out is a secret of its taker.
        taken.Clear();
        _used += octets.Length;
    }
}
