using DsmipTools.Net;
using DsmipTools.Net.Netlink;

namespace DsmipTools.Tunnels;

/// <summary>
/// The routes and rules of the host that somebody needs: each destination holds some, and what several hold is there once, and goes with the last of them.
/// </summary>
internal sealed class HostEntries(HostNetwork network)
{
    private readonly Dictionary<object, HostEntry[]> holders = [];
    private readonly Dictionary<HostEntry, Held> entries = [];

    /// <summary>Gives a holder what it needs in place of what it had: all of it, or it keeps what it had. There is no moment without either.</summary>
    /// <param name="holder">The holder.</param>
    /// <param name="wanted">What it needs, in the order in which it comes; nothing ends it.</param>
    /// <exception cref="NetException">The host refused.</exception>
    public void Set(object holder, params HostEntry[] wanted)
    {
        var before = holders.GetValueOrDefault(holder, []);
        for (var taken = 0; taken < wanted.Length; taken++)
        {
            try
            {
                Take(wanted[taken]);
            }
            catch
            {
                Release(wanted.AsSpan(0, taken));
                throw;
            }
        }

        Release(before);
        if (wanted.Length > 0)
        {
            holders[holder] = wanted;
        }
        else
        {
            holders.Remove(holder);
        }
    }

    /// <summary>Ends all that is held: what an interface takes with it, and what would survive it.</summary>
    public void Clear()
    {
        foreach (var holder in holders.Keys.ToArray())
        {
            Set(holder);
        }
    }

    /// <summary>What tells routes apart: all but the MTU, which the latest of them sets.</summary>
    private static HostEntry PlaceOf(HostEntry entry) => entry is HostRoute route ? route with { Mtu = 0 } : entry;

    private void Take(HostEntry entry)
    {
        var place = PlaceOf(entry);
        if (!entries.TryGetValue(place, out var held))
        {
            network.Add(entry);
            entries.Add(place, new Held { Entry = entry, Uses = 1 });
            return;
        }

        if (entry is HostRoute route && held.Entry != entry)
        {
            network.Replace(route);
        }

        held.Entry = entry;
        held.Uses++;
    }

    private void Release(ReadOnlySpan<HostEntry> last)
    {
        for (var i = last.Length - 1; i >= 0; i--)
        {
            var place = PlaceOf(last[i]);
            var held = entries[place];
            if (--held.Uses > 0)
            {
                continue;
            }

            entries.Remove(place);
            try
            {
                network.Remove(held.Entry);
            }
            catch (NetException)
            {
                // An administrator, or the loss of the device, was faster; the rest has its turn all the same.
            }
        }
    }

    private sealed class Held
    {
        public required HostEntry Entry { get; set; }

        public int Uses { get; set; }
    }
}
