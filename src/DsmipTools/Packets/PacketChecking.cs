using DsmipTools.Engine.Security;
using DsmipTools.Wire.Capture;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobileIPv4.Extensions;
using DsmipTools.Wire.Rules;

namespace DsmipTools.Packets;

/// <summary>Judging packets by the rules of their RFCs (<see cref="PacketRules"/>).</summary>
public static class PacketChecking
{
    /// <summary>The rules that a packet breaks, in the order of its octets.</summary>
    /// <param name="packet">The packet.</param>
    /// <param name="keys">Where keys come from; null verifies no authenticator.</param>
    public static IReadOnlyList<RuleViolation> Check(this DsmipPacket packet, RuleKeys? keys = null)
    {
        ArgumentNullException.ThrowIfNull(packet);
        var isCut = packet.Octets.Length < packet.Length;
        var isUnfinished = (packet.Flags & CapturedFrameFlags.ChecksumNotReady) != 0;
        return
        [
            .. PacketRules.Check(packet.Layers, packet.Error, keys, isCut).Select(violation => violation with
            {
                Number = packet.Number,
                Severity = isUnfinished && IsUdpChecksum(violation) ? RuleSeverity.Information : violation.Severity,
            }),
        ];
    }

    /// <summary>
    /// The keys of security associations: those of mobile nodes with their home agents, by home address and SPI. A message without a home
    /// address is verified with the only association that has its SPI.
    /// </summary>
    /// <param name="associations">The security associations.</param>
    public static RuleKeys KeysOf(SecurityAssociations associations)
    {
        ArgumentNullException.ThrowIfNull(associations);
        return new RuleKeys((extension, homeAddress) =>
        {
            if (extension is not MobileHomeAuthenticationExtension)
            {
                return null;
            }

            var association = associations.Find(homeAddress, extension.SecurityParameterIndex);
            if (association is null && homeAddress.IsUnspecified)
            {
                var all = associations.List().Where(one => one.SecurityParameterIndex == extension.SecurityParameterIndex).Take(2).ToArray();
                association = all.Length == 1 ? all[0] : null;
            }

            return association?.CreateAuthenticator();
        });
    }

    /// <summary>True for what the network interface was still to fill in where the capture says so.</summary>
    private static bool IsUdpChecksum(RuleViolation violation) =>
        violation.Structure == UdpHeader.Fields.Layout.Name && violation.Field == UdpHeader.Fields.Checksum.Name;
}
