using System.Runtime.CompilerServices;
using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.MobilityHeader;

/// <summary>Binding Revocation types (RFC 5846, 5).</summary>
public enum BindingRevocationType : byte
{
    /// <summary>Binding Revocation Indication (RFC 5846, 5.1).</summary>
    Indication = 1,

    /// <summary>Binding Revocation Acknowledgement (RFC 5846, 5.2).</summary>
    Acknowledgement = 2,
}

internal static class BindingRevocationTypes
{
    /// <summary>The table by B.R. type, which indication and acknowledgement have at the same place.</summary>
    internal static Layout TableOf(ReadOnlySpan<byte> mobilityHeader)
    {
        var type = BindingRevocationIndication.Fields.RevocationType;
        return !type.FitsInto(mobilityHeader.Length) ? UnknownMobilityMessage.Fields.Layout : (BindingRevocationType)type.ReadByte(mobilityHeader) switch
        {
            BindingRevocationType.Indication => BindingRevocationIndication.Fields.Layout,
            BindingRevocationType.Acknowledgement => BindingRevocationAcknowledgement.Fields.Layout,
            _ => UnknownMobilityMessage.Fields.Layout,
        };
    }

    internal static bool TryCheck(MobilityHeaderView header, BindingRevocationType expected, out WireError error)
    {
        var found = (BindingRevocationType)BindingRevocationIndication.Fields.RevocationType.ReadByte(header.Octets);
        error = found == expected ? default : IsOfAnotherType(found, expected);
        return found == expected;
    }

    // The text is made apart from the check: its room on the stack would be cleared at every check.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WireError IsOfAnotherType(BindingRevocationType found, BindingRevocationType expected)
    {
        var field = BindingRevocationIndication.Fields.RevocationType;
        return new WireError(field.Name, field.Offset, $"the B.R. type is {(byte)found}, not {(byte)expected}");
    }
}
