using System.Runtime.InteropServices;
using DsmipTools.Engine.Bindings;

namespace DsmipTools.Engine.ProxyMobileIPv6;

/// <summary>
/// MAX_UPDATE_RATE (RFC 6275, 11.8 and 12; RFC 5213, 6.9.4): no more than three updates for one mobile node in any second, over all of its interfaces
/// and attachments. Keeps those of the last second alone.
/// </summary>
internal sealed class UpdateRate
{
    private static readonly TimeSpan second = TimeSpan.FromSeconds(1);

    private readonly Dictionary<NetworkAccessIdentifier, Sent> nodes = new(NetworkAccessIdentifier.Comparer.Instance);
    private readonly Queue<(TimeSpan At, NetworkAccessIdentifier Node)> sent = [];

    /// <summary>The number of mobile nodes that are kept.</summary>
    public int Count => nodes.Count;

    /// <summary>True, and counted, when an update may be sent now.</summary>
    /// <param name="node">The mobile node.</param>
    /// <param name="now">The time.</param>
    /// <param name="earliest">When it may be sent otherwise.</param>
    public bool TryTake(NetworkAccessIdentifier node, TimeSpan now, out TimeSpan earliest)
    {
        while (sent.TryPeek(out var oldest) && oldest.At + second <= now)
        {
            sent.Dequeue();
            if (nodes.TryGetValue(oldest.Node, out var last) && last.Last == oldest.At)
            {
                nodes.Remove(oldest.Node);
            }
        }

        ref var times = ref CollectionsMarshal.GetValueRefOrAddDefault(nodes, node, out var isKnown);
        earliest = isKnown && times.Third is { } third ? third + second : now;
        if (earliest > now)
        {
            return false;
        }

        times = new Sent(now, isKnown ? times.Last : null, isKnown ? times.Second : null);
        sent.Enqueue((now, node));
        return true;
    }

    /// <summary>When the last three updates were sent.</summary>
    private readonly record struct Sent(TimeSpan Last, TimeSpan? Second, TimeSpan? Third);
}
