using DsmipTools.Engine.Configuration;

namespace DsmipTools.Engine.ProxyMobileIPv6;

/// <content>Configuration variables that change while the anchor runs (RFC 5213, 9.1; RFC 5846, 11).</content>
public sealed partial class LocalMobilityAnchor
{
    /// <summary>
    /// Takes another configuration, for what begins from now on. Indications that are outstanding keep their schedule, bindings the lifetime
    /// that they were granted, de-registered ones and updates that wait their time; GRE and forced UDP are settled anew with the next update of
    /// each binding. The messages of a gateway that is no peer any more are
    /// dropped, its acknowledgements too: its bindings are revoked before, or end with their lifetimes.
    /// </summary>
    /// <exception cref="ArgumentException">A value is out of its range, or of a variable that cannot change; nothing has changed.</exception>
    public void Configure(LocalMobilityAnchorOptions changed, Instant now)
    {
        var changes = ConfigurationChange.Between(options, Checked(changed));
        var protection = ProtectionOf(changed);
        timestamps.Change(changed.TimestampValidityWindow, now);
        initiator.Policy = changed.Revocation.ToPolicy();
        var isProtectedOtherwise = changes.Any(change => change.Variable is nameof(options.Protection) or nameof(options.Peers));
        options = changed;
        Report(changes, now);
        WatchBy(changed.Heartbeat, now);
        if (isProtectedOtherwise)
        {
            ProtectBy(protection, now);
        }
    }
}
