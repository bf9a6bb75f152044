using DsmipTools.Engine.Diagnostics;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.MobilityHeader.Options;

namespace DsmipTools.Engine.ProxyMobileIPv6;

/// <content>Proxy Binding Acknowledgements (RFC 5213, 5.3.6).</content>
public sealed partial class LocalMobilityAnchor
{
    /// <summary>A Proxy Binding Acknowledgement (RFC 5213, 5.3.6).</summary>
    private void Answer(in ProxyUpdate request, BindingStatus status, ProxyBinding? binding, in Envelope envelope, Instant now, bool withholdsIPv4 = false)
    {
        var layout = BindingAcknowledgement.Fields.Layout;
        var buffer = Outbox.Reserve(LongestMessage);
        var writer = new MobilityMessageWriter(buffer, MobilityHeaderType.BindingAcknowledgement, layout.Length);
        var accepted = status == BindingStatus.Accepted;
        var said = accepted ? AcceptedAs(request) : status;
        BindingAcknowledgement.Fields.Status.Write(writer.Octets, (byte)said);
        BindingAcknowledgement.Fields.ProxyRegistration.Write(writer.Octets, true);
        BindingAcknowledgement.Fields.SequenceNumber.Write(
            writer.Octets, status == BindingStatus.SequenceNumberOutOfWindow ? binding!.SequenceNumber : request.Update.SequenceNumber);
        BindingAcknowledgement.Fields.Lifetime.Write(writer.Octets, accepted && request.Update.Lifetime > 0 ? binding!.Lifetime : 0u);
        writer.AppendMobileNodeIdentifier(request.Identifier);
        if (accepted)
        {
            AppendPrefixes(ref writer, request, binding!);
            if (request.Gre != GreEncapsulation.None && request.Update.Lifetime > 0)
            {
                AppendGre(ref writer, binding!);
            }
        }
        else
        {
            request.AppendPrefixes(ref writer, LongestMessage - RestOfAnswer(request));
        }

        writer.AppendHandoffIndicator(request.Indicator);
        writer.AppendAccessTechnologyType(request.Technology);
        if (request.Timestamp is { } timestamp)
        {
            var own = status is BindingStatus.TimestampMismatch or BindingStatus.TimestampLowerThanPreviousAccepted;
            writer.AppendTimestamp(own ? TimestampOption.FromTime(now.WallClock) : timestamp);
        }

        if (request.IPv4Requests > 0)
        {
            AppendIPv4(ref writer, request, status, withholdsIPv4 ? null : binding?.IPv4HomeAddress);
        }

        if (!request.LinkLayerOption.IsEmpty)
        {
            writer.AppendLinkLayerIdentifier(request.LinkLayerOption);
        }

        if (request.LinkLocalAddress is { } asked)
        {
            writer.AppendLinkLocalAddress((accepted ? LinkLocalOf(binding!) : null) ?? asked);
        }

        if (accepted && (request.DetectsTranslation || request.WantsUdpEncapsulation))
        {
            AppendNatDetection(ref writer, request);
        }

        Outbox.Send(envelope.Reversed, writer.Finish());
        Counters.Count(MessageKind.ProxyBindingAcknowledgement, Direction.Sent, (byte)said);
    }

    /// <summary>The prefixes of the session; those that a de-registration has just ended come back as they were named.</summary>
    private static void AppendPrefixes(ref MobilityMessageWriter writer, in ProxyUpdate request, ProxyBinding binding)
    {
        if (binding.Prefixes.Count == 0)
        {
            request.AppendPrefixes(ref writer, LongestMessage - RestOfAnswer(request));
        }

        for (var at = 0; at < binding.Prefixes.Count && request.Prefixes > 0; at++)
        {
            writer.AppendHomeNetworkPrefix(binding.Prefixes[at]);
        }
    }

    /// <summary>What became of the request for an IPv4 home address (RFC 5844, 3.1.2.6).</summary>
    private void AppendIPv4(ref MobilityMessageWriter writer, in ProxyUpdate request, BindingStatus status, Address? granted)
    {
        var accepted = status == BindingStatus.Accepted;
        var outcome = accepted && (granted is not null || request.Update.Lifetime == 0) ? IPv4HomeAddressReplyStatus.Success
            : accepted || status is BindingStatus.NotAuthorizedForIPv4HomeAddress or BindingStatus.NotAuthorizedForIPv4MobilityService
                ? IPv4HomeAddressReplyStatus.AdministrativelyProhibited
            : IPv4HomeAddressReplyStatus.ReasonUnspecified;
        var address = accepted && granted is { } own ? own : request.IPv4HomeAddress;
        var network = options.IPv4HomeNetwork;
        var length = accepted && granted is not null ? network!.PrefixLength : request.IPv4PrefixLength;
        var reply = writer.Append(IPv4HomeAddressReplyOption.Fields.Form);
        IPv4HomeAddressReplyOption.Fields.Status.Write(reply, (byte)outcome);
        IPv4HomeAddressReplyOption.Fields.PrefixLength.Write(reply, length);
        IPv4HomeAddressReplyOption.Fields.IPv4HomeAddress.Write(reply, address);
        if (!accepted || outcome != IPv4HomeAddressReplyStatus.Success)
        {
            return;
        }

        IPv4DefaultRouterAddressOption.Fields.IPv4DefaultRouterAddress.Write(
            writer.Append(IPv4DefaultRouterAddressOption.Fields.Form), network!.Router);
        if (network.GatewaysAreDhcpServers is { } isServer)
        {
            IPv4DhcpSupportModeOption.Fields.DhcpSupportMode.Write(writer.Append(IPv4DhcpSupportModeOption.Fields.Form), isServer);
        }
    }

    /// <summary>Says whether payload packets travel in UDP, and how often the mapping of a NAT wants to be refreshed (RFC 5844, 4.2.2; RFC 5555, 3.2.2).</summary>
    private void AppendNatDetection(ref MobilityMessageWriter writer, in ProxyUpdate request)
    {
        var option = writer.Append(NatDetectionOption.Fields.Form);
        NatDetectionOption.Fields.ForcingUdpEncapsulation.Write(option, request.WantsUdpEncapsulation);
        NatDetectionOption.Fields.RefreshTime.Write(option, request.IsTranslated ? (uint)options.NatRefreshTime.TotalSeconds : uint.MaxValue);
    }

    /// <summary>The octets that follow the Home Network Prefix options of a refusal, with all padding.</summary>
    private static int RestOfAnswer(in ProxyUpdate request) =>
        32 + (request.IPv4Requests > 0 ? 12 : 0) + (request.LinkLocalAddress is null ? 0 : LinkLocalAddressOption.Fields.Layout.Length + 7) + (request.LinkLayerOption.IsEmpty ? 0 : MobileNodeLinkLayerIdentifierOption.Fields.Layout.Length + request.LinkLayerOption.Length + 7);
}
