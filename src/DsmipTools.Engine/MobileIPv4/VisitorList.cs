using DsmipTools.Engine.Bindings;
using DsmipTools.Engine.Timing;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Engine.MobileIPv4;

/// <summary>
/// The visitor list of a foreign agent (RFC 5944, 3.7.1): mobile nodes that are registered, and, apart from them, requests that wait for their home agents.
/// A request is known by its home address and Identification, so that one that somebody forged does not take the place of another.
/// </summary>
internal sealed class VisitorList
{
    private readonly Dictionary<Address, Visitor> visitors = [];
    private readonly Dictionary<(Address HomeAddress, uint Mark), PendingVisit> pending = [];
    private readonly TimerQueue<Visitor> byEnd = new();
    private readonly TimerQueue<PendingVisit> byTimeout = new();

    public int Count => visitors.Count;

    public int PendingCount => pending.Count;

    public TimeSpan? NextDeadline => byEnd.NextDeadline is not { } end ? byTimeout.NextDeadline
        : byTimeout.NextDeadline is { } timeout && timeout < end ? timeout : end;

    public Visitor? Find(Address homeAddress) => visitors.GetValueOrDefault(homeAddress);

    public bool Holds(Visitor visitor) => visitors.GetValueOrDefault(visitor.HomeAddress) == visitor;

    public bool Holds(PendingVisit waiting) => pending.GetValueOrDefault(KeyOf(waiting.Visit)) == waiting;

    /// <summary>The request that a reply answers; null for none (RFC 5944, 3.7.3.1).</summary>
    /// <param name="homeAddress">The home address of the reply: of the request, or given to it.</param>
    /// <param name="mark">The low 32 bits of its Identification.</param>
    /// <param name="nai">The octets of its Network Access Identifier; empty for none.</param>
    public PendingVisit? FindPending(Address homeAddress, uint mark, ReadOnlySpan<byte> nai)
    {
        var waiting = pending.GetValueOrDefault((homeAddress, mark)) ?? pending.GetValueOrDefault((Address.AnyIPv4, mark));
        return waiting is not null && (nai.IsEmpty || waiting.Visit.Nai is not { } known || nai.SequenceEqual(known.Octets)) ? waiting : null;
    }

    public void Add(PendingVisit waiting)
    {
        if (pending.Remove(KeyOf(waiting.Visit), out var before))
        {
            byTimeout.Cancel(before);
        }

        pending.Add(KeyOf(waiting.Visit), waiting);
        byTimeout.Schedule(waiting);
    }

    public void Remove(PendingVisit waiting)
    {
        pending.Remove(KeyOf(waiting.Visit));
        byTimeout.Cancel(waiting);
    }

    /// <summary>Takes all requests out that wait for a home agent, in the order of their Identifications.</summary>
    public List<PendingVisit> TakePending(Address homeAgent)
    {
        List<PendingVisit> taken = [.. pending.Values.Where(waiting => waiting.Visit.HomeAgent == homeAgent).OrderBy(waiting => waiting.Visit.Identification)];
        taken.ForEach(Remove);
        return taken;
    }

    public bool TryTakeTimedOut(TimeSpan now, out PendingVisit waiting)
    {
        var isTaken = byTimeout.TryTake(now, out waiting);
        if (isTaken)
        {
            pending.Remove(KeyOf(waiting.Visit));
        }

        return isTaken;
    }

    /// <summary>Adds a visitor, or takes note of its new end.</summary>
    public void Set(Visitor visitor)
    {
        visitors[visitor.HomeAddress] = visitor;
        if (visitor.End == TimeSpan.MaxValue)
        {
            byEnd.Cancel(visitor);
        }
        else
        {
            byEnd.Schedule(visitor);
        }
    }

    public void Remove(Visitor visitor)
    {
        visitors.Remove(visitor.HomeAddress);
        byEnd.Cancel(visitor);
    }

    public bool TryTakeEnded(TimeSpan now, out Visitor visitor) => byEnd.TryTake(now, out visitor);

    /// <summary>The entries that a filter may fit, visitors first, in the order of home addresses.</summary>
    public IReadOnlyList<object> Select(BindingFilter filter)
    {
        if (filter.HomeAddresses.Count > 0)
        {
            var wanted = filter.HomeAddresses.ToHashSet();
            return [.. filter.HomeAddresses.Select(Find).OfType<object>(), .. Waiting().Where(waiting => wanted.Contains(waiting.Visit.HomeAddress))];
        }

        return [.. visitors.Values.OrderBy(visitor => visitor.HomeAddress), .. Waiting()];
    }

    private IEnumerable<PendingVisit> Waiting() => pending.OrderBy(pair => pair.Key.HomeAddress).ThenBy(pair => pair.Key.Mark).Select(pair => pair.Value);

    private static (Address HomeAddress, uint Mark) KeyOf(Visit visit) => (visit.HomeAddress, visit.Mark);
}
