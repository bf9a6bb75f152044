using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.Tunneling;

namespace DsmipTools.Wire.Rules;

/// <summary>Checksums, over the octets as received.</summary>
internal static class ChecksumRules
{
    internal static readonly Rule[] All =
    [
        Rule.Of<IPv4Header>("RFC 791, 3.1", RuleSeverity.Error, (_, subject) =>
        {
            if (!subject.Packet.IsCut && !InternetChecksum.Verify(0, subject.Layer.Span))
            {
                subject.Break(IPv4Header.Fields.HeaderChecksum, "is wrong");
            }
        }),
        Rule.Of<UdpHeader>("RFC 768", RuleSeverity.Error, (udp, subject) =>
        {
            if (IsWrong(udp, subject) && !IsUnfinished(udp, subject))
            {
                subject.Break(UdpHeader.Fields.Checksum, "is wrong");
            }
        }),
        Rule.Of<UdpHeader>("RFC 768", RuleSeverity.Information, (udp, subject) =>
        {
            if (IsWrong(udp, subject) && IsUnfinished(udp, subject))
            {
                subject.Break(UdpHeader.Fields.Checksum, "covers the pseudo-header only: the packet was captured before its network interface filled it in");
            }
        }),
        Rule.Of<UdpHeader>("RFC 8200, 8.1", RuleSeverity.Error, (udp, subject) =>
        {
            if (udp.Checksum == 0 && subject.Addresses is { Source.IsIPv6: true })
            {
                subject.Break(UdpHeader.Fields.Checksum, "is zero, which IPv6 does not allow");
            }
        }),
        Rule.Of<UdpHeader>("5846-4-03", RuleSeverity.Error, (udp, subject) =>
        {
            if (udp.Checksum == 0 && subject.After?.Structure is MobilityMessage)
            {
                subject.Break(UdpHeader.Fields.Checksum, "is zero, but it protects the Mobility Header, whose own checksum is not used in UDP");
            }
        }),
        Rule.Of<UdpHeader>("RFC 5944, 3.2", RuleSeverity.Warning, (udp, subject) =>
        {
            if (udp.Checksum == 0 && subject.Addresses is { Source.IsIPv4: true } && subject.After?.Structure is MobileIPv4ControlMessage)
            {
                subject.Break(UdpHeader.Fields.Checksum, "is zero; a nonzero UDP checksum should be included");
            }
        }),
        Rule.Of<UdpHeader>("RFC 768", RuleSeverity.Warning, (udp, subject) =>
        {
            var end = subject.Packet.EndAt(subject.Index);
            if (!subject.Packet.IsCut && udp.Length is { } length && length >= subject.Layer.Length && subject.Layer.Offset + length < end)
            {
                subject.Break(UdpHeader.Fields.Length, $"says {length} octets, but the IP packet has {end - subject.Layer.Offset}");
            }
        }),
        Rule.Of<MobilityMessage>("RFC 6275, 6.1.1", RuleSeverity.Error, (message, subject) =>
        {
            if (message.Type != MobilityHeaderType.BindingRevocation)
            {
                JudgeMobilityHeader(subject);
            }
        }),
        Rule.Of<MobilityMessage>("5846-5-03", RuleSeverity.Error, (message, subject) =>
        {
            if (message.Type == MobilityHeaderType.BindingRevocation)
            {
                JudgeMobilityHeader(subject);
            }
        }),
        Rule.Of<MobilityMessage>("5846-4-03", RuleSeverity.Error, (message, subject) =>
        {
            if (message.Checksum is > 0 && subject.Before?.Structure is UdpHeader)
            {
                subject.Break(MobilityHeaderFields.Common.Checksum, "is not zero, but directly in UDP the UDP checksum counts (RFC 5844, 4.1.3.1)");
            }
        }),
        Rule.Of<GreHeader>("RFC 2784, 2.5", RuleSeverity.Error, (gre, subject) =>
        {
            var end = subject.Packet.EndAt(subject.Index);
            if (gre.Checksum is not null && !subject.Packet.IsCut && end > subject.Layer.Offset
                && !InternetChecksum.Verify(0, subject.Layer.Frame[subject.Layer.Offset..end]))
            {
                subject.Break("GRE Checksum", GreChecksum.Fields.Checksum.Name, subject.Layer.Offset + GreHeader.Fields.Layout.Length, "is wrong");
            }
        }),
        Rule.Of<MinimalForwardingHeader>("RFC 2004, 3.1", RuleSeverity.Error, (_, subject) =>
        {
            if (!InternetChecksum.Verify(0, subject.Layer.Span))
            {
                subject.Break(MinimalForwardingHeader.Fields.HeaderChecksum, "is wrong");
            }
        }),
    ];

    private static bool IsWrong(UdpHeader udp, Subject subject) =>
        udp.Checksum != 0 && Datagram(udp, subject) is { IsEmpty: false } datagram && subject.Addresses is { } addresses
        && !InternetChecksum.Verify(addresses.Sum(IpProtocol.Udp, datagram.Length), datagram);

    private static bool IsUnfinished(UdpHeader udp, Subject subject) =>
        subject.Addresses is { } addresses && addresses.IsUnfinished(udp.Checksum.GetValueOrDefault(), IpProtocol.Udp, udp.Length.GetValueOrDefault());

    /// <summary>A datagram that is there as a whole; else nothing, and the decoder says why.</summary>
    private static ReadOnlySpan<byte> Datagram(UdpHeader udp, Subject subject)
    {
        var end = subject.Layer.Offset + udp.Length.GetValueOrDefault();
        return !subject.Packet.IsCut && udp.Length >= subject.Layer.Length && end <= subject.Packet.EndAt(subject.Index)
            ? subject.Layer.Frame[subject.Layer.Offset..end]
            : default;
    }

    private static void JudgeMobilityHeader(Subject subject)
    {
        if (subject.Addresses is { } addresses && subject.Before?.Structure is not UdpHeader
            && !InternetChecksum.Verify(addresses.Sum(IpProtocol.MobilityHeader, subject.Layer.Length), subject.Layer.Span))
        {
            subject.Break(MobilityHeaderFields.Common.Checksum, "is wrong");
        }
    }
}
