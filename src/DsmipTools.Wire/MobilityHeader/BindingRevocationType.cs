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
        var field = BindingRevocationIndication.Fields.RevocationType;
        var found = Of(header);
        error = found == expected ? default : new WireError(field.Name, field.Offset, $"the B.R. type is {(byte)found}, not {(byte)expected}");
        return found == expected;
    }
}
