using System.Collections.Concurrent;
using DsmipTools.Net.Links;
using DsmipTools.Worlds;

namespace DsmipTools.Labs;

/// <summary>Decides for the frames of a link between namespaces as the simulated world does for its packets; one seed draws the same numbers.</summary>
internal sealed class CableConditions(Link link, ulong seed, string name) : ILinkConditions
{
    private readonly ConcurrentDictionary<(int From, int To), LinkPath> paths = [];
    private volatile Link link = link;

    /// <summary>What happens to packets; it may change at any time.</summary>
    public Link Link
    {
        set => link = value;
    }

    public FrameFate Decide(int from, int to, int length, TimeSpan now) => paths.GetOrAdd((from, to), NewPath).Decide(link, length, now);

    /// <summary>How many packets from a port were lost.</summary>
    public long LostFrom(int port) => paths.Where(pair => pair.Key.From == port).Sum(pair => pair.Value.Counters.Lost);

    /// <summary>Begins anew for a port.</summary>
    public void Forget(int port)
    {
        foreach (var key in paths.Keys.Where(key => key.From == port || key.To == port))
        {
            paths.TryRemove(key, out _);
        }
    }

    private LinkPath NewPath((int From, int To) ports) =>
        new(StableHash.Random(seed, StableHash.Of(name), ((ulong)(uint)ports.From << 32) | (uint)ports.To));
}
