using DsmipTools.Engine;

namespace DsmipTools.Worlds;

/// <summary>A tunnel that is up.</summary>
/// <param name="Agent">The name of the agent that wants it.</param>
/// <param name="Tunnel">What it carries and between which addresses.</param>
/// <param name="Since">When it came up, or was last changed.</param>
public sealed record TunnelEntry(string Agent, Tunnel Tunnel, Instant Since);

/// <summary>
/// The tunnels of a world. In the simulated world those of Proxy Mobile IPv6 carry packets; in the loopback world no tunnel does, and the table
/// says what would be up.
/// </summary>
public sealed class TunnelTable
{
    private readonly Lock gate = new();
    private readonly SortedDictionary<(string Agent, long Id), TunnelEntry> entries =
        new(Comparer<(string Agent, long Id)>.Create(static (left, right) =>
            string.CompareOrdinal(left.Agent, right.Agent) is var order and not 0 ? order : left.Id.CompareTo(right.Id)));

    /// <summary>
    /// A hook for tests and labs: it is asked before a tunnel comes up, with the name of the agent and the tunnel, and refuses it by
    /// returning the reason. Null, or an answer of null, lets it come up. It runs on the agent's thread.
    /// </summary>
    public Func<string, Tunnel, string?>? Refusal { get; set; }

    /// <summary>The number of tunnels.</summary>
    public int Count
    {
        get
        {
            lock (gate)
            {
                return entries.Count;
            }
        }
    }

    /// <summary>The tunnels now, by agent and id.</summary>
    public IReadOnlyList<TunnelEntry> Snapshot()
    {
        lock (gate)
        {
            return [.. entries.Values];
        }
    }

    /// <summary>Brings a tunnel up; returns the reason when it is refused.</summary>
    internal string? Up(string agent, Tunnel tunnel, Instant now)
    {
        if (Refusal?.Invoke(agent, tunnel) is { } reason)
        {
            return reason;
        }

        lock (gate)
        {
            entries[(agent, tunnel.Id)] = new TunnelEntry(agent, tunnel, now);
        }

        return null;
    }

    internal void Down(string agent, Tunnel tunnel)
    {
        lock (gate)
        {
            entries.Remove((agent, tunnel.Id));
        }
    }

    /// <summary>Takes down what an agent leaves behind when it stops.</summary>
    internal void DownAll(string agent)
    {
        lock (gate)
        {
            foreach (var key in entries.Keys.Where(key => key.Agent == agent).ToArray())
            {
                entries.Remove(key);
            }
        }
    }
}
