using DsmipTools.Wire;
using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.MobileIPv4.Extensions;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.MobilityHeader.Options;

namespace DsmipTools.Packets;

/// <summary>Answers to messages, with what an answer copies.</summary>
public static class Answers
{
    /// <summary>A Binding Revocation Acknowledgement: sequence number, P, V and G are those of the indication (RFC 5846, 5.2).</summary>
    public static BindingRevocationAcknowledgement To(BindingRevocationIndication indication, RevocationStatus status)
    {
        ArgumentNullException.ThrowIfNull(indication);
        return new BindingRevocationAcknowledgement
        {
            Status = status,
            SequenceNumber = indication.SequenceNumber,
            ProxyBinding = indication.ProxyBinding,
            IPv4HomeAddressBindingOnly = indication.IPv4HomeAddressBindingOnly,
            Global = indication.Global,
        };
    }

    /// <summary>
    /// A Binding Acknowledgement: sequence number, lifetime and the flags K, R, P, T and B are those of the update (RFC 6275, 6.1.8). That of a proxy registration
    /// also has the options that say whom it is about (RFC 5213, 5.3.6).
    /// </summary>
    public static BindingAcknowledgement To(BindingUpdate update, BindingStatus status)
    {
        ArgumentNullException.ThrowIfNull(update);
        return new BindingAcknowledgement
        {
            Status = status,
            SequenceNumber = update.SequenceNumber,
            KeyManagementMobility = update.KeyManagementMobility,
            MobileRouter = update.MobileRouter,
            ProxyRegistration = update.ProxyRegistration,
            TlvHeaderFormat = update.TlvHeaderFormat,
            BulkBindingUpdate = update.ProxyRegistration && update.BulkBindingUpdate,
            Lifetime = update.Lifetime,
            Options = update.ProxyRegistration ? ValueList.From(update.Options.Where(IsOfProxyAnswer)) : default,
        };
    }

    /// <summary>
    /// A Registration Reply: home address, home agent, lifetime and Identification are those of the request (RFC 5944, 3.4), and the NAI (RFC 2794, 2). An accepting one
    /// answers each prefix that was requested (RFC 5454, 3.2), by the tunneling mode of the request.
    /// </summary>
    public static RegistrationReply To(RegistrationRequest request, RegistrationCode code)
    {
        ArgumentNullException.ThrowIfNull(request);
        var outcome = request.Extensions.Any(extension => extension is IPv6TunnelingModeExtension)
            ? PrefixReplyCode.AcceptedCareOfAddress
            : PrefixReplyCode.AcceptedHomeAddress;
        return new RegistrationReply
        {
            Code = code,
            Lifetime = code.IsAccepted() ? request.Lifetime : (ushort)0,
            HomeAddress = request.HomeAddress,
            HomeAgent = request.HomeAgent,
            Identification = request.Identification,
            Extensions = ValueList.From(request.Extensions.Select(extension => Answer(extension, code, outcome)).OfType<Extension>()),
        };
    }

    private static Extension? Answer(Extension extension, RegistrationCode code, PrefixReplyCode outcome) => extension switch
    {
        MobileNodeNaiExtension nai => nai,
        IPv6PrefixRequestExtension requested when code.IsAccepted() => new IPv6PrefixReplyExtension { Code = outcome, Prefix = requested.Prefix },
        _ => null,
    };

    private static bool IsOfProxyAnswer(MobilityOption option) => option
        is MobileNodeIdentifierOption or HomeNetworkPrefixOption or HandoffIndicatorOption or AccessTechnologyTypeOption or TimestampOption
        or LinkLocalAddressOption or MobileNodeLinkLayerIdentifierOption;
}
