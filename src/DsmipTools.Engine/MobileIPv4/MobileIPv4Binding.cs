using DsmipTools.Engine.Bindings;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Engine.MobileIPv4;

/// <summary>A Mobile IPv4 mobility binding at one moment: at the home agent (RFC 5944, 3.8.1; RFC 5454, 3.3.2), in the visitor list of a foreign agent (RFC 5944, 3.7.1), or as the mobile node sees it.</summary>
public sealed record MobileIPv4Binding : BindingSnapshot
{
    /// <summary>The home address.</summary>
    public required Address HomeAddress { get; init; }

    internal override Address? Home => HomeAddress;

    /// <summary>The home agent's address.</summary>
    public required Address HomeAgent { get; init; }

    /// <summary>The foreign agent through which the mobile node has registered, as the node sees it; null for none, and at other agents.</summary>
    public Address? ForeignAgent { get; init; }

    /// <summary>S: the node asked to keep prior bindings.</summary>
    public bool SimultaneousBindings { get; init; }

    /// <summary>B: the node asked for broadcast datagrams of the home network.</summary>
    public bool BroadcastDatagrams { get; init; }

    /// <summary>D: the care-of address is co-located; the node decapsulates.</summary>
    public bool DecapsulationByMobileNode { get; init; }

    /// <summary>M: the node asked for minimal encapsulation.</summary>
    public bool MinimalEncapsulation { get; init; }

    /// <summary>G: the node asked for GRE encapsulation.</summary>
    public bool GreEncapsulation { get; init; }

    /// <summary>T: the node asked for reverse tunneling.</summary>
    public bool ReverseTunneling { get; init; }

    /// <summary>The flags as operators write them: the letters of those that are set, in wire order, for example "DT".</summary>
    public string Flags => string.Concat(
        SimultaneousBindings ? "S" : "",
        BroadcastDatagrams ? "B" : "",
        DecapsulationByMobileNode ? "D" : "",
        MinimalEncapsulation ? "M" : "",
        GreEncapsulation ? "G" : "",
        ReverseTunneling ? "T" : "");

    /// <summary>The registered prefixes with code and tunneling mode; <see cref="BindingSnapshot.Prefixes"/> has the prefixes alone.</summary>
    public ValueList<RegisteredPrefix> RegisteredPrefixes { get; init; }

    /// <summary>The Identification of the last accepted request.</summary>
    public required ulong Identification { get; init; }

    /// <summary>The SPI of the security association that the last accepted request was authenticated with.</summary>
    public required uint SecurityParameterIndex { get; init; }

    /// <summary>Whether packets run in UDP, and why (RFC 3519).</summary>
    public UdpTunneling UdpTunneling { get; init; }

    /// <summary>The other end of the tunnel to the care-of address: behind a NAT, what that shows; its port is 0 without UDP, and while it is not known.</summary>
    public Endpoint TunnelEnd { get; init; }

    /// <summary>True when the other side has agreed to be told of a revocation (RFC 3543).</summary>
    public bool AgreedRevocation { get; init; }

    /// <summary>The number of the tunnel to the care-of address; 0 where there is none.</summary>
    public long TunnelId { get; init; }

    /// <summary>The number of the IPv6 tunnel to the home address that runs inside the other one; 0 where there is none.</summary>
    public long HomeAddressTunnelId { get; init; }
}
