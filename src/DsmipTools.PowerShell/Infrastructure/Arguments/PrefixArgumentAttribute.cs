using System.Collections;
using System.Management.Automation;
using System.Net;
using System.Net.Sockets;
using DsmipTools.Wire.Ip;

namespace DsmipTools.PowerShell.Infrastructure.Arguments;

/// <summary>Lets a parameter of type <see cref="Prefix"/> that searches take an IPv6 address too, as the prefix of 128 bits.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
internal sealed class PrefixArgumentAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object inputData) => Arguments.Unwrap(inputData) switch
    {
        string text => Parse(text),
        Address { IsIPv6: true } address => Of(address),
        IPAddress { AddressFamily: AddressFamily.InterNetworkV6 } address => Of(Address.From(address)),
        IEnumerable many => many.Cast<object>().Select(one => Transform(engineIntrinsics, one)).ToArray(),
        var other => other,
    };

    private static Prefix Of(Address address) => new(address.Value, 128);

    private static Prefix Parse(string text) => Prefix.TryParse(text, null, out var prefix) ? prefix
        : Address.TryParse(text, null, out var address) && address.IsIPv6 ? Of(address)
        : throw new ArgumentTransformationMetadataException($"'{text}' is neither an IPv6 prefix such as 2001:db8:7:1::/64 nor an IPv6 address.");
}
