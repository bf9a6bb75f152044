using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.MobilityHeader.Options;

namespace DsmipTools.Engine.ProxyMobileIPv6;

/// <content>GRE encapsulation and its keys (RFC 5845).</content>
public sealed partial class LocalMobilityAnchor
{
    /// <summary>The uplink keys in use: by its key a packet tells which session it belongs to (RFC 5845, 5.2).</summary>
    private readonly HashSet<uint> uplinkKeys = [];
    private uint lastUplinkKey;

    /// <summary>A de-registration does not name the key (RFC 5845, 4.2).</summary>
    private BindingStatus? CheckGre(in ProxyUpdate request) =>
        options.Gre == GrePolicy.Required && request.Gre == GreEncapsulation.None && request.Update.Lifetime > 0 ? BindingStatus.GreKeyOptionRequired : null;

    /// <summary>The status of an acceptance as GRE has it (RFC 5845, 6.4); payload packets in the TLV-header format are not supported.</summary>
    private BindingStatus AcceptedAs(in ProxyUpdate request) =>
        request.Gre == GreEncapsulation.None || request.Update.Lifetime == 0 ? BindingStatus.Accepted
        : options.Gre == GrePolicy.NotRequired ? BindingStatus.GreKeyOptionNotRequired
        : request.Update.TlvHeaderFormat ? BindingStatus.GreTunnelingButTlvHeaderNotSupported
        : BindingStatus.Accepted;

    /// <summary>A session keeps its uplink key as long as it has one, also after a handoff (RFC 5845, 3.3.2); the downlink key is the gateway's.</summary>
    private void GrantGre(ProxyBinding binding, in ProxyUpdate request)
    {
        var granted = options.Gre == GrePolicy.NotRequired ? GreEncapsulation.None : request.Gre;
        if (granted == GreEncapsulation.WithKeys)
        {
            binding.SetKeys(binding.UplinkKey ?? TakeUplinkKey(), request.DownlinkKey);
            return;
        }

        ReleaseGre(binding);
        binding.SetGre(granted);
    }

    private void ReleaseGre(ProxyBinding binding)
    {
        if (binding.UplinkKey is { } key)
        {
            uplinkKeys.Remove(key);
            binding.SetGre(GreEncapsulation.None);
        }
    }

    /// <summary>A session has the key again that it had before.</summary>
    private void KeepGre(ProxyBinding binding)
    {
        if (binding.UplinkKey is { } key)
        {
            uplinkKeys.Add(key);
        }
    }

    private uint TakeUplinkKey()
    {
        // Zero is left out: equipment takes it for no key. There are more keys than sessions can be kept.
        do
        {
            lastUplinkKey++;
        }
        while (lastUplinkKey == 0 || !uplinkKeys.Add(lastUplinkKey));
        return lastUplinkKey;
    }

    private static void AppendGre(ref MobilityMessageWriter writer, ProxyBinding binding)
    {
        if (binding.Gre != GreEncapsulation.None)
        {
            writer.AppendGreKey(binding.UplinkKey);
        }
    }
}
