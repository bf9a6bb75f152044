using System.Management.Automation;
using System.Net;
using DsmipTools.Packets;
using DsmipTools.PowerShell.Infrastructure;
using DsmipTools.PowerShell.Infrastructure.Arguments;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.MobilityHeader;

namespace DsmipTools.PowerShell.Packets;

/// <summary>The base of the cmdlets that put messages into packets: what can be said about the envelope.</summary>
public abstract class EnvelopeCmdlet : DsmipCmdlet
{
    /// <summary>Where the packet comes from.</summary>
    [Parameter]
    [EndpointArgument]
    public Endpoint? Source { get; set; }

    /// <summary>Where the packet goes to.</summary>
    [Parameter]
    [EndpointArgument]
    public virtual Endpoint? Destination { get; set; }

    /// <summary>How the message travels.</summary>
    [Parameter]
    public Transport? Transport { get; set; }

    /// <summary>The home address in a Home Address option.</summary>
    [Parameter]
    [AddressArgument]
    public IPAddress? HomeAddress { get; set; }

    /// <summary>The home address in a type 2 routing header.</summary>
    [Parameter]
    [AddressArgument]
    public IPAddress? RoutingHeader { get; set; }

    /// <summary>The source of the inner packet.</summary>
    [Parameter]
    [AddressArgument]
    public IPAddress? InnerSource { get; set; }

    /// <summary>The destination of the inner packet.</summary>
    [Parameter]
    [AddressArgument]
    public IPAddress? InnerDestination { get; set; }

    /// <summary>What the parameters say.</summary>
    private protected EnvelopeParameters Envelope => new()
    {
        Source = Source,
        Destination = Destination,
        Transport = Transport,
        HomeAddress = Of(HomeAddress),
        RoutingHeader = Of(RoutingHeader),
        InnerSource = Of(InnerSource),
        InnerDestination = Of(InnerDestination),
    };

    /// <summary>The message of an object of the pipeline; null when it is none and has no octets.</summary>
    /// <exception cref="ArgumentException">It is a packet without a mobility message, or octets that are none.</exception>
    private protected static BareMessage? MessageOf(object input) => input switch
    {
        DsmipPacket packet => BareMessage.From(packet),
        MobileIPv4Message or MobilityMessage => BareMessage.From((Structure)input),
        _ => OctetsArgumentAttribute.Of(input) is { } octets ? BareMessage.From(Octets.Create(octets)) : null,
    };

    private static Address? Of(IPAddress? address) => address is null ? (Address?)null : Address.From(address);
}
