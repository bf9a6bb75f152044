using System.Globalization;
using DsmipTools.Wire.Capture;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.Decoding;

/// <content>What a frame begins with, by the link type of the capture.</content>
internal ref partial struct Dissection
{
    /// <summary>More tags than any network stacks; a frame of a megabyte could hold a quarter of a million.</summary>
    private const int MaximumVlanTags = 8;

    internal void Frame(LinkType linkType)
    {
        var end = frame.Length;
        switch (linkType)
        {
            case LinkType.Ethernet when TryHeader(EthernetHeader.Fields.Layout, EthernetHeader.Read, 0, end):
                ByEtherType(EthernetHeader.Fields.EtherType, 0, EthernetHeader.Fields.Layout.Length, end);
                break;
            case LinkType.LinuxCooked when TryHeader(LinuxCookedHeader.Fields.Layout, LinuxCookedHeader.Read, 0, end):
                ByEtherType(LinuxCookedHeader.Fields.ProtocolType, 0, LinuxCookedHeader.Fields.Layout.Length, end);
                break;
            case LinkType.LinuxCookedVersion2 when TryHeader(LinuxCookedVersion2Header.Fields.Layout, LinuxCookedVersion2Header.Read, 0, end):
                ByEtherType(LinuxCookedVersion2Header.Fields.ProtocolType, 0, LinuxCookedVersion2Header.Fields.Layout.Length, end);
                break;
            case LinkType.OpenBsdLoopback when TryHeader(OpenBsdLoopbackHeader.Fields.Layout, OpenBsdLoopbackHeader.Read, 0, end):
                ByFamily((ProtocolFamily)OpenBsdLoopbackHeader.Fields.ProtocolFamily.ReadUInt32(frame), OpenBsdLoopbackHeader.Fields.Layout.Length, end);
                break;
            case LinkType.BsdLoopback when TryHeader(BsdLoopbackHeader.Fields.Layout, BsdLoopbackHeader.Read, 0, end):
                ByFamily(BsdLoopbackHeader.FamilyOf(frame), BsdLoopbackHeader.Fields.Layout.Length, end);
                break;
            case LinkType.Ethernet or LinkType.LinuxCooked or LinkType.LinuxCookedVersion2 or LinkType.OpenBsdLoopback or LinkType.BsdLoopback:
                break;
            case LinkType.Raw or LinkType.DataLinkRaw or LinkType.OpenBsdDataLinkRaw:
                Ip(0, end);
                break;
            case LinkType.IPv4:
                IPv4(0, end);
                break;
            case LinkType.IPv6:
                IPv6(0, end);
                break;
            default:
                Fail("LinkType", 0, string.Create(CultureInfo.InvariantCulture, $"link type {(int)linkType} is not decoded"));
                Data(0, end);
                break;
        }
    }

    /// <summary>Decodes what a header carries by its EtherType, with the VLAN tags before it.</summary>
    private void ByEtherType(Field etherType, int start, int next, int end)
    {
        for (var tags = 0; ; tags++)
        {
            switch ((EtherType)etherType.ReadUInt16(frame[start..]))
            {
                case EtherType.IPv4:
                    IPv4(next, end);
                    return;
                case EtherType.IPv6:
                    IPv6(next, end);
                    return;
                case EtherType.CustomerVlanTag or EtherType.ServiceVlanTag or EtherType.OldServiceVlanTag when tags == MaximumVlanTags:
                    Fail(VlanTag.Fields.EtherType, start, string.Create(CultureInfo.InvariantCulture, $"announces more than {MaximumVlanTags} VLAN tags"));
                    Data(next, end);
                    return;
                case EtherType.CustomerVlanTag or EtherType.ServiceVlanTag or EtherType.OldServiceVlanTag:
                    if (!TryHeader(VlanTag.Fields.Layout, VlanTag.Read, next, end))
                    {
                        return;
                    }

                    (etherType, start, next) = (VlanTag.Fields.EtherType, next, next + VlanTag.Fields.Layout.Length);
                    break;
                default:
                    Data(next, end);
                    return;
            }
        }
    }

    private void ByFamily(ProtocolFamily family, int next, int end)
    {
        switch (family)
        {
            case ProtocolFamily.IPv4:
                IPv4(next, end);
                break;
            case ProtocolFamily.IPv6OnLinux or ProtocolFamily.IPv6OnWindows or ProtocolFamily.IPv6OnNetBsd
                or ProtocolFamily.IPv6OnFreeBsd or ProtocolFamily.IPv6OnMacOS:
                IPv6(next, end);
                break;
            default:
                Data(next, end);
                break;
        }
    }
}
