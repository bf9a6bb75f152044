using DsmipTools.Engine.Configuration;

namespace DsmipTools.Engine.ProxyMobileIPv6;

/// <content>Configuration variables that change while the gateway runs (RFC 5846, 11).</content>
public sealed partial class MobileAccessGateway
{
    /// <summary>
    /// Takes another configuration. A new lifetime is asked for with the next update of each binding, an update that is outstanding goes on by
    /// the new retransmission from its next deadline, and an indication that is outstanding keeps its schedule. NAT detection and forced UDP are
    /// asked for with the next update too, GRE for mobile nodes that attach from now on, and mobile nodes are told a new MTU with the next advertisement.
    /// </summary>
    /// <exception cref="ArgumentException">A value is out of its range, or of a variable that cannot change; nothing has changed.</exception>
    public void Configure(MobileAccessGatewayOptions changed, Instant now)
    {
        var changes = ConfigurationChange.Between(options, Checked(changed));
        var areLinksWatchedOtherwise = changed.AccessLink.ReachabilityInterval != options.AccessLink.ReachabilityInterval;
        initiator.Policy = changed.Revocation.ToPolicy();
        options = changed;
        Report(changes, now);
        WatchBy(changed.Heartbeat, now);
        if (areLinksWatchedOtherwise)
        {
            WatchLinks(now);
        }
    }
}
