using DsmipTools.Engine.Diagnostics;
using DsmipTools.Wire;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.MobilityHeader.Options;

namespace DsmipTools.Engine.ProxyMobileIPv6;

/// <content>Proxy Binding Acknowledgements (RFC 5213, 5.3.6).</content>
public sealed partial class LocalMobilityAnchor
{
    /// <summary>A Proxy Binding Acknowledgement (RFC 5213, 5.3.6).</summary>
    private void Answer(ProxyUpdate request, BindingStatus status, ProxyBinding? binding, in Envelope envelope, Instant now)
    {
        var layout = BindingAcknowledgement.Fields.Layout;
        var buffer = Outbox.Reserve(LongestMessage);
        var writer = new MobilityMessageWriter(buffer, MobilityHeaderType.BindingAcknowledgement, layout.Length);
        var accepted = status == BindingStatus.Accepted;
        BindingAcknowledgement.Fields.Status.Write(writer.Octets, (byte)status);
        BindingAcknowledgement.Fields.ProxyRegistration.Write(writer.Octets, true);
        BindingAcknowledgement.Fields.SequenceNumber.Write(
            writer.Octets, status == BindingStatus.SequenceNumberOutOfWindow ? binding!.SequenceNumber : request.Update.SequenceNumber);
        BindingAcknowledgement.Fields.Lifetime.Write(writer.Octets, accepted ? binding!.Lifetime : 0u);
        writer.AppendMobileNodeIdentifier(request.Identifier);
        if (accepted)
        {
            for (var at = 0; at < binding!.Prefixes.Count; at++)
            {
                writer.AppendHomeNetworkPrefix(binding.Prefixes[at]);
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

        if (!request.LinkLayerOption.IsEmpty)
        {
            writer.AppendLinkLayerIdentifier(request.LinkLayerOption);
        }

        Outbox.Send(envelope.Reversed, writer.Finish());
        Counters.Count(MessageKind.ProxyBindingAcknowledgement, Direction.Sent, (byte)status);
    }

    /// <summary>The octets that follow the Home Network Prefix options of a refusal, with all padding.</summary>
    private static int RestOfAnswer(ProxyUpdate request) =>
        32 + (request.LinkLayerOption.IsEmpty ? 0 : MobileNodeLinkLayerIdentifierOption.Fields.Layout.Length + request.LinkLayerOption.Length + 7);
}
