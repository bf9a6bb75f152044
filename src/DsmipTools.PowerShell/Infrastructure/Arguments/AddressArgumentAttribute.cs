using System.Collections;
using System.Management.Automation;
using System.Net;
using DsmipTools.Wire.Ip;

namespace DsmipTools.PowerShell.Infrastructure.Arguments;

/// <summary>
/// Lets a parameter of type <see cref="IPAddress"/> take text and the addresses in our own objects too. Text that
/// <see cref="IPAddress.Parse(string)"/> takes for an address by accident, such as 1, is refused.
/// </summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
internal sealed class AddressArgumentAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object inputData) => Arguments.Unwrap(inputData) switch
    {
        string text => Parse(text),
        Address address => address.ToIPAddress(),
        IPAddress address => address,
        IEnumerable many => many.Cast<object>().Select(one => Transform(engineIntrinsics, one)).ToArray(),
        var other => other,
    };

    private static IPAddress Parse(string text) => Address.TryParse(text, null, out var address)
        ? address.ToIPAddress()
        : throw new ArgumentTransformationMetadataException($"'{text}' is not an IPv4 or IPv6 address.");
}
