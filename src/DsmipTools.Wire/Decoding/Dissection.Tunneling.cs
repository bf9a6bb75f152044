using DsmipTools.Wire.Capture;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Tunneling;

namespace DsmipTools.Wire.Decoding;

/// <content>Encapsulations: GRE, minimal encapsulation, TLV headers in UDP, ESP.</content>
internal ref partial struct Dissection
{
    private void Gre(int start, int end)
    {
        var length = start < end ? GreHeader.LengthOf(frame[start..end]) : GreHeader.Fields.Layout.Length;
        if (!TryHeader(GreHeader.Fields.Layout, GreHeader.Read, start, end, length))
        {
            return;
        }

        var header = frame[start..end];
        if (GreHeader.Fields.Version.ReadByte(header) != 0)
        {
            Fail(GreHeader.Fields.Version, start, "is not 0");
            Data(start + length, end);
            return;
        }

        if (GreHeader.Fields.ChecksumPresent.ReadFlag(header) && !InternetChecksum.Verify(0, header))
        {
            Fail(GreChecksum.Fields.Checksum, start + GreHeader.Fields.Layout.Length, "is wrong");
        }

        switch ((EtherType)GreHeader.Fields.ProtocolType.ReadUInt16(header))
        {
            case EtherType.IPv4:
                IPv4(start + length, end);
                break;
            case EtherType.IPv6:
                IPv6(start + length, end);
                break;
            default:
                Data(start + length, end);
                break;
        }
    }

    /// <summary>The header that makes an inner IP header out of the outer one (RFC 2004, 3.1): it changes the addresses for what follows.</summary>
    private void MinimalEncapsulation(int start, int end)
    {
        var table = MinimalForwardingHeader.Fields.Layout;
        var length = end - start >= table.Length ? MinimalForwardingHeader.LengthOf(frame[start..end]) : table.Length;
        if (IsTooDeep(MinimalForwardingHeader.Fields.Protocol, start, end) || !TryHeader(table, MinimalForwardingHeader.Read, start, end, length))
        {
            return;
        }

        var octetsOfHeader = frame.Slice(start, length);
        if (!InternetChecksum.Verify(0, octetsOfHeader))
        {
            Fail(MinimalForwardingHeader.Fields.HeaderChecksum, start, "is wrong");
        }

        var header = MinimalForwardingHeader.Read(octetsOfHeader);
        if (addresses is { } outer)
        {
            SetAddresses(header.OriginalSourceAddress ?? outer.Source, header.OriginalDestinationAddress);
        }

        Payload(header.Protocol!.Value, start + length, end);
    }

    /// <summary>A whole IP packet in UDP (RFC 5555, 4.1), or one behind a TLV header, whose type 0 is no IP version (RFC 5845, 7.2).</summary>
    private void DualStackMobileIPv6(int start, int end)
    {
        if (start >= end || frame[start] >> 4 != 0)
        {
            Ip(start, end);
            return;
        }

        if (IsTooDeep(TlvHeader.Fields.Type, start, end) || !TryHeader(TlvHeader.Fields.Layout, TlvHeader.Read, start, end))
        {
            return;
        }

        var header = frame[start..end];
        var next = start + TlvHeader.Fields.Layout.Length;
        if (TlvHeader.Fields.Length.ReadUInt16(header) != end - next)
        {
            Fail(TlvHeader.Fields.Length, start, "is not what UDP says (RFC 5845, 7.1)");
        }

        Payload((IpProtocol)TlvHeader.Fields.NextHeader.ReadByte(header), next, end);
    }

    private void EncapsulatingSecurityPayload(int start, int end)
    {
        var table = EncapsulatingSecurityPayloadHeader.Fields.Layout;
        if (TryHeader(table, EncapsulatingSecurityPayloadHeader.Read, start, end))
        {
            Data(start + table.Length, end);
        }
    }
}
