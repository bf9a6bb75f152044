using System.Globalization;

namespace DsmipTools.Wire.Ip;

/// <summary>An address and a UDP port; port 0 where a transport has no ports.</summary>
/// <param name="Address">The IP address.</param>
/// <param name="Port">The port, 0 to 65535.</param>
public readonly record struct Endpoint(Address Address, ushort Port)
{
    /// <inheritdoc/>
    public override string ToString() => Address.IsIPv4
        ? string.Create(CultureInfo.InvariantCulture, $"{Address}:{Port}")
        : string.Create(CultureInfo.InvariantCulture, $"[{Address}]:{Port}");
}
