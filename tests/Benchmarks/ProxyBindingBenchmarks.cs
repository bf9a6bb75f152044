using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.MobilityHeader.Options;

namespace DsmipTools.Benchmarks;

/// <summary>Renewals at a local mobility anchor: PBU in, PBA out.</summary>
internal static class ProxyBindingBenchmarks
{
    public static IEnumerable<Benchmark> All => [new("PBU renewal at an LMA", Renew)];

    /// <summary>Reads an update as an anchor does.</summary>
    public static ulong Read(ReadOnlySpan<byte> octets, in Envelope envelope)
    {
        if (!MobilityHeaderView.TryParse(octets, out var header, out _)
            || !envelope.IsChecksumRight(header)
            || !BindingUpdateView.TryParse(header, out var update, out _))
        {
            throw new InvalidOperationException("The update cannot be read.");
        }

        var result = (ulong)update.SequenceNumber + update.Lifetime + (update.ProxyRegistration ? 1u : 0u);
        foreach (var option in update.Options)
        {
            switch (option.Type)
            {
                case MobilityOptionType.MobileNodeIdentifier when MobileNodeIdentifierOption.TryRead(option, out var identifier):
                    result += identifier[^1];
                    break;
                case MobilityOptionType.HomeNetworkPrefix when HomeNetworkPrefixOption.TryRead(option, out var prefix):
                    result += (ulong)prefix.Bits + prefix.Length;
                    break;
                case MobilityOptionType.HandoffIndicator when HandoffIndicatorOption.TryRead(option, out var indicator):
                    result += (ulong)indicator;
                    break;
                case MobilityOptionType.AccessTechnologyType when AccessTechnologyTypeOption.TryRead(option, out var technology):
                    result += (ulong)technology;
                    break;
                case MobilityOptionType.Timestamp when TimestampOption.TryRead(option, out var timestamp):
                    result += timestamp;
                    break;
            }
        }

        return result;
    }

    /// <summary>Reads an update and writes an acknowledgement of the same size as an anchor's; returns its length.</summary>
    public static int Answer(ReadOnlySpan<byte> octets, Span<byte> answer, in Envelope envelope)
    {
        var read = Read(octets, envelope);
        if (!BindingUpdateView.TryParse(octets, out var update, out _)
            || !update.Options.TryFind(MobilityOptionType.MobileNodeIdentifier, out var option)
            || !MobileNodeIdentifierOption.TryRead(option, out var identifier))
        {
            throw new InvalidOperationException("The update has no identifier.");
        }

        var writer = new MobilityMessageWriter(answer, MobilityHeaderType.BindingAcknowledgement, BindingAcknowledgement.Fields.Layout.Length);
        BindingAcknowledgement.Fields.ProxyRegistration.Write(writer.Octets, true);
        BindingAcknowledgement.Fields.SequenceNumber.Write(writer.Octets, update.SequenceNumber);
        BindingAcknowledgement.Fields.Lifetime.Write(writer.Octets, update.Lifetime);
        writer.AppendMobileNodeIdentifier(identifier);
        writer.AppendHomeNetworkPrefix(new Prefix(read, 64));
        writer.AppendHandoffIndicator(HandoffIndicator.NotChanged);
        writer.AppendAccessTechnologyType(AccessTechnologyType.WirelessLan);
        writer.AppendTimestamp(read);
        var length = writer.Finish();
        envelope.Reversed.Seal(answer[..length]);
        return length;
    }

    private static IEnumerable<Row> Renew()
    {
        var load = new AnchorLoad(100_000, realms: 10, peers: 100);
        load.Attach();
        var comparison = Comparison.Measure(load.Renewals(), load.Codecs(), operations: 5000);
        yield return Row.Of("PBU renewal at an LMA of 100,000 bindings", "its PBU read, its PBA written", comparison);
    }
}
