using DsmipTools.Engine.Revocation;
using DsmipTools.Engine.Timing;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Engine.MobileIPv4;

/// <summary>The registration revocations of a home agent that have not ended: at most one for each home address and peer.</summary>
/// <param name="ended">Is told how each one ends.</param>
internal sealed class OutstandingRevocations(Action<OutstandingRevocation, RevocationResult, Instant> ended)
{
    private readonly Dictionary<Address, List<OutstandingRevocation>> byHomeAddress = [];
    private readonly TimerQueue<OutstandingRevocation> byDeadline = new();

    public TimeSpan? NextDeadline => byDeadline.NextDeadline;

    public int Count { get; private set; }

    public void Add(OutstandingRevocation revocation, Instant now)
    {
        Cancel(revocation.HomeAddress, now, revocation.Peer);
        if (!byHomeAddress.TryGetValue(revocation.HomeAddress, out var list))
        {
            byHomeAddress.Add(revocation.HomeAddress, list = []);
        }

        list.Add(revocation);
        Count++;
        byDeadline.Schedule(revocation);
    }

    public OutstandingRevocation? Find(Address homeAddress, Address peer) =>
        byHomeAddress.TryGetValue(homeAddress, out var list) ? list.Find(revocation => revocation.Peer == peer) : null;

    public bool TryTakeDue(TimeSpan now, out OutstandingRevocation revocation) => byDeadline.TryTake(now, out revocation);

    public void Schedule(OutstandingRevocation revocation) => byDeadline.Schedule(revocation);

    /// <summary>It has ended.</summary>
    public void End(OutstandingRevocation revocation, RevocationResult result, Instant now)
    {
        var list = byHomeAddress[revocation.HomeAddress];
        list.Remove(revocation);
        if (list.Count == 0)
        {
            byHomeAddress.Remove(revocation.HomeAddress);
        }

        Count--;
        byDeadline.Cancel(revocation);
        ended(revocation, result, now);
    }

    /// <summary>A registration, or the end of one, has made revocations of a home address void: all, or those to one peer.</summary>
    public void Cancel(Address homeAddress, Instant now, Address? peer = null)
    {
        // Nearly always there is none, and nothing is made for that.
        for (var at = byHomeAddress.TryGetValue(homeAddress, out var list) ? list.Count - 1 : -1; at >= 0; at--)
        {
            if (peer is null || list![at].Peer == peer)
            {
                End(list![at], RevocationResult.Cancelled, now);
            }
        }
    }
}
