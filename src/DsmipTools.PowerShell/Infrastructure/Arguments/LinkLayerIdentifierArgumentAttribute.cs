using System.Management.Automation;
using DsmipTools.Packets;
using DsmipTools.PowerShell.Packets;
using DsmipTools.Wire;

namespace DsmipTools.PowerShell.Infrastructure.Arguments;

/// <summary>Lets a parameter of type <see cref="Octets"/> take a link-layer identifier as interfaces are shown: 02:00:5e:10:00:01, 0200.5e10.0001 or the digits alone.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
internal sealed class LinkLayerIdentifierArgumentAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object inputData) => Arguments.Unwrap(inputData) switch
    {
        null => (object?)null,
        string text => Parse(text),
        // Digits alone are a number to PowerShell, which remembers how it was written.
        ValueType and not Octets => Parse(LanguagePrimitives.ConvertTo<string>(inputData)),
        var other => OctetsArgumentAttribute.Of(other) is { } octets ? Octets.Create(octets) : throw IsNone($"{other}"),
    };

    private static Octets Parse(string text)
    {
        try
        {
            return HexText.Parse(text.Replace(".", "", StringComparison.Ordinal));
        }
        catch (FormatException)
        {
            throw IsNone(text);
        }
    }

    private static ArgumentTransformationMetadataException IsNone(string text) =>
        new($"'{text}' is no link-layer identifier: write it as 02:00:5e:10:00:01.");
}
