using DsmipTools.Wire.Ip;

namespace DsmipTools.Engine.MobileIPv4;

/// <summary>No more than one denial in a second to the same mobile node (RFC 5944, 3.7.2; RFC 3024, 4.2.1), and to no more than so many of them.</summary>
internal sealed class DenialLimit
{
    private const int MostNodes = 4096;

    private static readonly TimeSpan second = TimeSpan.FromSeconds(1);

    private readonly Dictionary<Address, TimeSpan> last = [];
    private readonly Queue<(Address Node, TimeSpan At)> order = new();

    public bool TryTake(Address node, TimeSpan now)
    {
        while (order.TryPeek(out var oldest) && oldest.At + second <= now)
        {
            last.Remove(oldest.Node);
            order.Dequeue();
        }

        if (last.Count == MostNodes || !last.TryAdd(node, now))
        {
            return false;
        }

        order.Enqueue((node, now));
        return true;
    }
}
