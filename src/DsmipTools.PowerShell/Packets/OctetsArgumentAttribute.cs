using System.Collections;
using System.Globalization;
using System.Management.Automation;
using DsmipTools.Packets;
using DsmipTools.Wire;

namespace DsmipTools.PowerShell.Packets;

/// <summary>Lets a parameter of type byte[] take the octets of our own objects, and anything else that is a sequence of numbers up to 255.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
internal sealed class OctetsArgumentAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object inputData) => Of(inputData) ?? inputData;

    /// <summary>The octets of an object; null when it has none.</summary>
    internal static byte[]? Of(object? value) => (value is PSObject wrapper ? wrapper.BaseObject : value) switch
    {
        byte[] octets => octets,
        Octets octets => octets.ToArray(),
        ReadOnlyMemory<byte> octets => octets.ToArray(),
        DsmipPacket packet => packet.Octets.ToArray(),
        byte octet => [octet],
        string => null,
        IEnumerable many => OfElements(many),
        _ => null,
    };

    private static byte[]? OfElements(IEnumerable many)
    {
        var octets = new List<byte>();
        foreach (var element in many)
        {
            var value = element is PSObject wrapper ? wrapper.BaseObject : element;
            if (value is not (byte or sbyte or short or ushort or int or uint or long or ulong)
                || Convert.ToDecimal(value, CultureInfo.InvariantCulture) is < byte.MinValue or > byte.MaxValue)
            {
                return null;
            }

            octets.Add(Convert.ToByte(value, CultureInfo.InvariantCulture));
        }

        return [.. octets];
    }
}
