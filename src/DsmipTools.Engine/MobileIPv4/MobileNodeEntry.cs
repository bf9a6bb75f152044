using DsmipTools.Engine.Forwarding;
using DsmipTools.Engine.Security;
using DsmipTools.Engine.Timing;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Engine.MobileIPv4;

/// <summary>
/// What a home agent knows of a mobile node that has authenticated itself: its binding, if it has one, and for good the last accepted
/// Identification.
/// </summary>
internal sealed class MobileNodeEntry(Address homeAddress) : ITimed
{
    private ReplayProtection replay;
    private Lease lease = Lease.None;

    public Address HomeAddress { get; } = homeAddress;

    /// <summary>The replay protection, to be changed in place.</summary>
    public ref ReplayProtection Replay => ref replay;

    /// <summary>The granted binding; null for none. Set by <see cref="BindingTable"/> alone, which keeps its indexes right.</summary>
    public Grant? Grant { get; set; }

    /// <summary>What each accepted request renews.</summary>
    public ref Lease Lease => ref lease;

    /// <summary>The last revocation that a foreign agent sent, by its clock: none that is older counts (RFC 3543, 3.5).</summary>
    public (Address Agent, uint Identifier)? LastRevocation { get; set; }

    public TimeSpan Deadline => lease.End;

    public TimeSpan QueuedAt { get; set; } = TimeSpan.MaxValue;

    public bool Holds(Prefix prefix) => Grant is not null && Grant.Holds(prefix);

    public MobileIPv4Binding ToSnapshot(string agent, Address homeAgent, TrafficRoutes<PendingChange> routes, Instant now)
    {
        var grant = Grant!;
        var reached = grant.ReachabilityOf(HomeAddress);
        return new MobileIPv4Binding
        {
            Agent = agent,
            AgentKind = AgentKind.HomeAgent,
            Identifier = grant.Nai?.ToString(),
            CareOfAddress = grant.CareOfAddress,
            Peer = lease.Envelope.Source.Address,
            Prefixes = ValueList.From(grant.Prefixes.Select(registered => registered.Prefix)),
            LifetimeGranted = RegistrationLifetime.ToTimeSpan(lease.Lifetime),
            LifetimeRemaining = RegistrationLifetime.Remaining(lease.End, now.Elapsed),
            State = Bindings.BindingState.Active,
            Envelope = lease.Envelope,
            HomeAddress = HomeAddress,
            HomeAgent = homeAgent,
            SimultaneousBindings = grant.Flags.SimultaneousBindings,
            BroadcastDatagrams = grant.Flags.BroadcastDatagrams,
            DecapsulationByMobileNode = grant.Flags.DecapsulationByMobileNode,
            MinimalEncapsulation = grant.Flags.MinimalEncapsulation,
            GreEncapsulation = grant.Flags.GreEncapsulation,
            ReverseTunneling = grant.Flags.ReverseTunneling,
            RegisteredPrefixes = ValueList.From(grant.Prefixes),
            Identification = lease.Identification,
            SecurityParameterIndex = lease.SecurityParameterIndex,
            UdpTunneling = grant.UdpTunneling,
            TunnelEnd = grant.Ends.Remote,
            AgreedRevocation = grant.Revocation != RevocationPeer.None,
            TunnelId = routes.Find(reached.Ends)?.Id ?? 0,
            HomeAddressTunnelId = routes.FindInside(reached)?.Id ?? 0,
        };
    }
}
