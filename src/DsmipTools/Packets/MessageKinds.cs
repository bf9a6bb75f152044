using DsmipTools.Engine.Diagnostics;
using DsmipTools.Wire;
using DsmipTools.Wire.Icmp.IcmpV4;
using DsmipTools.Wire.Icmp.NeighborDiscovery;
using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.MobilityHeader;

namespace DsmipTools.Packets;

/// <summary>The messages that were decoded, as agents count them.</summary>
internal static class MessageKinds
{
    /// <summary>What a message is, as agents count it.</summary>
    public static MessageKind Of(Structure? message) => message switch
    {
        RegistrationRequest => MessageKind.RegistrationRequest,
        RegistrationReply => MessageKind.RegistrationReply,
        BindingUpdate => MessageKind.ProxyBindingUpdate,
        BindingAcknowledgement => MessageKind.ProxyBindingAcknowledgement,
        BindingRevocationIndication => MessageKind.BindingRevocationIndication,
        BindingRevocationAcknowledgement => MessageKind.BindingRevocationAcknowledgement,
        RouterSolicitation => MessageKind.RouterSolicitation,
        RouterAdvertisement => MessageKind.RouterAdvertisement,
        NeighborSolicitation => MessageKind.NeighborSolicitation,
        NeighborAdvertisement => MessageKind.NeighborAdvertisement,
        Heartbeat heartbeat => heartbeat.Response ? MessageKind.HeartbeatResponse : MessageKind.HeartbeatRequest,
        BindingError => MessageKind.BindingError,
        IcmpV4RouterAdvertisement => MessageKind.AgentAdvertisement,
        IcmpV4RouterSolicitation => MessageKind.AgentSolicitation,
        _ => MessageKind.Unknown,
    };
}
