using System.Management.Automation;
using DsmipTools.Packets;
using DsmipTools.PowerShell.Infrastructure.Arguments;
using DsmipTools.Wire;
using DsmipTools.Wire.Layouts;

namespace DsmipTools.PowerShell.Packets.Composing;

/// <summary>Lets a parameter take what <see cref="FieldValue"/> takes for a field: undefined code points by number, octets as hexadecimal text.</summary>
/// <param name="type">The type of the parameter.</param>
/// <param name="kind">What the field is.</param>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
internal sealed class FieldArgumentAttribute(Type type, FieldKind kind = FieldKind.Number) : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        try
        {
            // PowerShell reads digits alone as a number, and keeps what was written beside it: 0102 is two octets.
            var value = Arguments.UnwrapAll(inputData);
            return FieldValue.Convert(
                type == typeof(Octets) && value is ValueType and not Octets ? LanguagePrimitives.ConvertTo<string>(inputData) : value, type, kind);
        }
        catch (FormatException exception)
        {
            throw new ArgumentTransformationMetadataException(exception.Message, exception);
        }
    }
}
