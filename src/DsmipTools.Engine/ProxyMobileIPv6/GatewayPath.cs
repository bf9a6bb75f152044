using DsmipTools.Wire;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Engine.ProxyMobileIPv6;

/// <summary>Where updates come from: the envelope, and the proxy care-of address, which is its source unless an option names another one.</summary>
internal readonly record struct GatewayPath(Envelope Envelope, Address CareOfAddress)
{
    public static implicit operator GatewayPath(in Envelope envelope) => new(envelope, envelope.Source.Address);
}
