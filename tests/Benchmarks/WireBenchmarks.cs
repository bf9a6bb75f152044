using System.Buffers.Binary;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.MobileIPv4.Extensions;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.MobilityHeader.Options;
using DsmipTools.Wire.Security;

namespace DsmipTools.Benchmarks;

/// <summary>Views and writers on one message each, as agents use them.</summary>
internal static class WireBenchmarks
{
    private const double Target = 10e6;

    private static readonly byte[] identifier = Messages.Utf8(Messages.Node(1, 0));
    private static readonly Prefix prefix = "2001:db8:100:1::/64";
    private static readonly Envelope toGateway = Messages.FromGateway(0).Reversed;

    public static IEnumerable<Benchmark> All =>
    [
        new("parse BRI, checksum verified", ParseIndication),
        new("write BRI with its checksum", WriteIndication),
        new("parse PBU, checksum verified", ParseUpdate),
        new("parse RRQ with its extensions", ParseRequest),
    ];

    private static IEnumerable<Row> ParseIndication()
    {
        var message = new byte[Messages.Room];
        message = message[..Messages.WriteIndication(message, 7, identifier, prefix, toGateway)];
        var (source, destination) = (toGateway.Source.Address, toGateway.Destination.Address);
        var comparison = Comparison.Measure(
            new Contender(count =>
            {
                for (var at = 0; at < count; at++)
                {
                    Sink.Take(Read(message, source, destination));
                }
            }),
            new Contender(count =>
            {
                for (var at = 0; at < count; at++)
                {
                    Sink.Take(Checksum(message, source, destination));
                }
            }));
        yield return Row.Of("parse BRI, checksum verified", "the checksum alone", comparison, Target, 0);

        static ulong Read(ReadOnlySpan<byte> octets, Address source, Address destination)
        {
            if (!MobilityHeaderView.TryParse(octets, out var header, out _)
                || !header.VerifyChecksum(source, destination)
                || !BindingRevocationIndicationView.TryParse(header, out var view, out _))
            {
                throw new InvalidOperationException("The indication cannot be read.");
            }

            var result = (ulong)view.Trigger + view.SequenceNumber + (view.ProxyBinding ? 1u : 0u) + (view.Global ? 1u : 0u);
            foreach (var option in view.Options)
            {
                switch (option.Type)
                {
                    case MobilityOptionType.MobileNodeIdentifier when MobileNodeIdentifierOption.TryRead(option, out var identifier):
                        result += identifier[^1];
                        break;
                    case MobilityOptionType.HomeNetworkPrefix when HomeNetworkPrefixOption.TryRead(option, out var prefix):
                        result += (ulong)prefix.Bits + prefix.Length;
                        break;
                }
            }

            return result;
        }
    }

    private static IEnumerable<Row> WriteIndication()
    {
        var buffer = new byte[Messages.Room];
        var length = Messages.WriteIndication(buffer, 7, identifier, prefix, toGateway);
        var message = buffer[..length];
        var record = Messages.Indication(7, Messages.Node(1, 0), prefix);
        var (source, destination) = (toGateway.Source.Address, toGateway.Destination.Address);
        var copy = new Contender(count =>
        {
            for (var at = 0; at < count; at++)
            {
                message.CopyTo(buffer, 0);
                BinaryPrimitives.WriteUInt16BigEndian(buffer.AsSpan(4), 0);
                BinaryPrimitives.WriteUInt16BigEndian(buffer.AsSpan(4), Checksum(buffer.AsSpan(0, message.Length), source, destination));
                Sink.Take(buffer[5]);
            }
        });
        var written = Comparison.Measure(
            new Contender(count =>
            {
                for (var at = 0; at < count; at++)
                {
                    Sink.Take((ulong)Messages.WriteIndication(buffer, (ushort)at, identifier, prefix, toGateway));
                }
            }),
            copy);
        yield return Row.Of("write BRI with its checksum, field by field", "copy of the octets, checksum", written, Target, 0);

        var recorded = Comparison.Measure(
            new Contender(count =>
            {
                for (var at = 0; at < count; at++)
                {
                    var octets = buffer.AsSpan(0, record.Write(buffer));
                    toGateway.Seal(octets);
                    Sink.Take(octets[5]);
                }
            }),
            copy);
        if (!buffer.AsSpan(0, length).SequenceEqual(message))
        {
            throw new InvalidOperationException("Record and writer give different octets.");
        }

        yield return Row.Of("write BRI with its checksum, from a record", "copy of the octets, checksum", recorded, mostAllocated: 0);
    }

    private static IEnumerable<Row> ParseUpdate()
    {
        var message = new byte[Messages.Room];
        message = message[..Messages.WriteProxyBindingUpdate(message, 7, identifier, prefix, 1, toGateway)];
        var (source, destination) = (toGateway.Source.Address, toGateway.Destination.Address);
        var comparison = Comparison.Measure(
            new Contender(count =>
            {
                for (var at = 0; at < count; at++)
                {
                    Sink.Take(ProxyBindingBenchmarks.Read(message, toGateway));
                }
            }),
            new Contender(count =>
            {
                for (var at = 0; at < count; at++)
                {
                    Sink.Take(Checksum(message, source, destination));
                }
            }));
        yield return Row.Of("parse PBU, checksum verified", "the checksum alone", comparison, mostAllocated: 0);
    }

    private static IEnumerable<Row> ParseRequest()
    {
        using var authenticator = new MessageAuthenticator(AuthenticationAlgorithm.HmacMd5, Messages.Utf8("1234567812345678"));
        var message = new byte[Messages.Room];
        var unsigned = Messages.Request("10.0.0.1", "10.1.0.1", "192.0.2.1", prefix, Messages.Node(1, 0)).ToOctets().ToArray();
        message = message[..Messages.Sign(message, unsigned, 1, authenticator)];
        var comparison = Comparison.Measure(
            new Contender(count =>
            {
                for (var at = 0; at < count; at++)
                {
                    Sink.Take(Read(message));
                }
            }),
            new Contender(count =>
            {
                for (var at = 0; at < count; at++)
                {
                    Sink.Take(ReadByHand(message));
                }
            }));
        if (Read(message) != ReadByHand(message))
        {
            throw new InvalidOperationException("The two ways of reading differ.");
        }

        yield return Row.Of("parse RRQ with its extensions", "by hand for this message, unchecked", comparison, mostAllocated: 0);

        static ulong Read(ReadOnlySpan<byte> octets)
        {
            if (!RegistrationRequestView.TryParse(octets, out var view, out _))
            {
                throw new InvalidOperationException("The request cannot be read.");
            }

            var result = view.Identification + (ulong)view.HomeAddress.Value + (ulong)view.CareOfAddress.Value + view.Lifetime;
            foreach (var extension in view.Extensions)
            {
                if (MobileNodeNaiExtension.TryRead(extension, out var nai))
                {
                    result += nai[^1];
                }
                else if (IPv6PrefixRequestExtension.TryRead(extension, out var prefix))
                {
                    result += (ulong)(prefix.Bits >> 64) + prefix.Length;
                }
                else if (MobileHomeAuthenticationExtension.TryRead(extension, out var spi, out _))
                {
                    result += spi;
                }
            }

            return result;
        }

        static ulong ReadByHand(ReadOnlySpan<byte> octets)
        {
            var result = BinaryPrimitives.ReadUInt64BigEndian(octets[16..])
                + BinaryPrimitives.ReadUInt32BigEndian(octets[4..])
                + BinaryPrimitives.ReadUInt32BigEndian(octets[12..])
                + BinaryPrimitives.ReadUInt16BigEndian(octets[2..]);
            for (var at = 24; at < octets.Length; at += 2 + octets[at + 1])
            {
                result += octets[at] switch
                {
                    131 => octets[at + 1 + octets[at + 1]],
                    152 when octets[at + 2] == 1 => BinaryPrimitives.ReadUInt64BigEndian(octets[(at + 4)..]) + octets[at + 3],
                    32 => BinaryPrimitives.ReadUInt32BigEndian(octets[(at + 2)..]),
                    _ => 0,
                };
            }

            return result;
        }
    }

    private static ushort Checksum(ReadOnlySpan<byte> octets, Address source, Address destination) => InternetChecksum.Finish(
        InternetChecksum.PseudoHeader(source, destination, (byte)IpProtocol.MobilityHeader, octets.Length) + InternetChecksum.Sum(octets));
}
