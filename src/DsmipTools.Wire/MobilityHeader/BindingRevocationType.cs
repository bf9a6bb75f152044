using System.Runtime.CompilerServices;

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
    /// <summary>The B.R. type; indication and acknowledgement have it at the same place, within the first 8 octets.</summary>
    internal static BindingRevocationType Of(MobilityHeaderView header) =>
        (BindingRevocationType)BindingRevocationIndication.Fields.RevocationType.ReadByte(header.Octets);

    internal static bool TryCheck(MobilityHeaderView header, BindingRevocationType expected, out WireError error)
    {
        var found = Of(header);
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
