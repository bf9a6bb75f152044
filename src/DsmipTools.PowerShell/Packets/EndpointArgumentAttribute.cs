using System.Globalization;
using System.Management.Automation;
using System.Net;
using DsmipTools.Wire.Ip;

namespace DsmipTools.PowerShell.Packets;

/// <summary>Lets a parameter of type <see cref="Endpoint"/> take an address, alone or with a port: 127.0.0.2, 127.0.0.2:4340, 2001:db8::1, [2001:db8::1]:5436.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
internal sealed class EndpointArgumentAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object inputData) =>
        (inputData is PSObject wrapper ? wrapper.BaseObject : inputData) switch
        {
            string text => Parse(text),
            Address address => new Endpoint(address, 0),
            IPAddress address => new Endpoint(Address.From(address), 0),
            IPEndPoint endpoint => new Endpoint(Address.From(endpoint.Address), (ushort)endpoint.Port),
            var other => other,
        };

    private static Endpoint Parse(string text)
    {
        if (Address.TryParse(text, null, out var alone))
        {
            return new Endpoint(alone, 0);
        }

        var colon = text.LastIndexOf(':');
        var isBracketed = text.StartsWith('[') && colon > 0 && text[colon - 1] == ']';
        return colon > 0
            && Address.TryParse(isBracketed ? text[1..(colon - 1)] : text[..colon], null, out var address)
            && address.IsIPv6 == isBracketed
            && ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            ? new Endpoint(address, port)
            : throw new ArgumentTransformationMetadataException($"'{text}' is no address such as 127.0.0.2, 127.0.0.2:4340 or [2001:db8::1]:5436.");
    }
}
