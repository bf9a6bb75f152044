using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobileIPv4.Extensions;

namespace DsmipTools.Engine.MobileIPv4;

/// <summary>What a UDP Tunnel Request extension asks for (RFC 3519, 3.1).</summary>
/// <param name="IsForced">F: tunnel even when there is no NAT.</param>
/// <param name="IsThroughForeignAgent">R: a co-located care-of address is registered through a foreign agent.</param>
/// <param name="Encapsulation">What is tunnelled; 0 leaves it to M and G.</param>
internal readonly record struct UdpTunnelRequest(bool IsForced, bool IsThroughForeignAgent, IpProtocol Encapsulation)
{
    /// <summary>
    /// Reads one; null where it has another length or subtype, or where what is reserved last is not zero: then it is not understood (3.1.3, a MUST, where
    /// 4.6.1 wants code 134, a SHOULD).
    /// </summary>
    public static UdpTunnelRequest? Read(ExtensionView extension)
    {
        var octets = extension.Octets;
        return extension.Subtype != 0 || octets.Length != UdpTunnelRequestExtension.Fields.Layout.Length || UdpTunnelRequestExtension.Fields.Reserved3.ReadUInt16(octets) != 0
            ? null
            : new UdpTunnelRequest(
                UdpTunnelRequestExtension.Fields.Force.ReadFlag(octets),
                UdpTunnelRequestExtension.Fields.RegistrationThroughForeignAgentRequired.ReadFlag(octets),
                (IpProtocol)UdpTunnelRequestExtension.Fields.Encapsulation.ReadByte(octets));
    }
}
