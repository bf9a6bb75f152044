using DsmipTools.Wire.MobileIPv4.Extensions;

namespace DsmipTools.Engine.MobileIPv4;

/// <summary>What a Revocation Support extension says (RFC 3543, 3.2).</summary>
/// <param name="Inform">I: the decision whether the mobile node is informed may be the home agent's.</param>
/// <param name="Timestamp">The sender's clock.</param>
internal readonly record struct RevocationSupport(bool Inform, uint Timestamp)
{
    /// <summary>Reads one; null where it is too short. A longer one may come (3.2).</summary>
    public static RevocationSupport? Read(ExtensionView extension) =>
        extension.Octets.Length < RevocationSupportExtension.Fields.Layout.Length ? null : new RevocationSupport(
            RevocationSupportExtension.Fields.Inform.ReadFlag(extension.Octets),
            RevocationSupportExtension.Fields.Timestamp.ReadUInt32(extension.Octets));
}
