using System.Globalization;
using DsmipTools.Wire.Capture;

namespace DsmipTools.Wire.Decoding;

/// <content>What a frame begins with, by the link type of the capture.</content>
internal ref partial struct Dissection
{
    internal void Frame(LinkType linkType)
    {
        switch (linkType)
        {
            case LinkType.Ethernet:
                Ethernet(0, frame.Length);
                break;
            case LinkType.Raw:
                Ip(0, frame.Length);
                break;
            case LinkType.IPv4:
                IPv4(0, frame.Length);
                break;
            case LinkType.IPv6:
                IPv6(0, frame.Length);
                break;
            default:
                Fail("LinkType", 0, string.Create(CultureInfo.InvariantCulture, $"link type {(int)linkType} is not decoded"));
                Data(0, frame.Length);
                break;
        }
    }

    private void Ethernet(int start, int end)
    {
        if (!TryHeader(EthernetHeader.Layout, null, start, end))
        {
            return;
        }

        var next = start + EthernetHeader.Layout.Length;
        switch ((EtherType)EthernetHeader.EtherType.ReadUInt16(frame[start..]))
        {
            case EtherType.IPv4:
                IPv4(next, end);
                break;
            case EtherType.IPv6:
                IPv6(next, end);
                break;
            default:
                Data(next, end);
                break;
        }
    }
}
