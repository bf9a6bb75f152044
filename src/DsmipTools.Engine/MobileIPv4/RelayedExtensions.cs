using DsmipTools.Engine.Diagnostics;
using DsmipTools.Wire.MobileIPv4.Extensions;

namespace DsmipTools.Engine.MobileIPv4;

/// <summary>
/// What the extensions of a registration message say to a foreign agent (RFC 5944, 3.7.2 and 3.7.3). All up to the last authorization-enabling extension
/// is between mobile node and home agent, and stays as it is; what stands behind it is for the foreign agent, and goes no further.
/// </summary>
internal ref struct RelayedExtensions
{
    /// <summary>The message up to the end of its last authorization-enabling extension; 0 when it has none.</summary>
    public int RelayedLength { get; private set; }

    /// <summary>The last Mobile-Foreign or Foreign-Home Authentication extension, as the message is a request or a reply.</summary>
    public ExtensionView Authentication { get; private set; }

    /// <summary>How many of these there are.</summary>
    public int Authentications { get; private set; }

    /// <summary>The octets of the Network Access Identifier; empty for none.</summary>
    public ReadOnlySpan<byte> Nai { get; private set; }

    /// <summary>True with an Encapsulating Delivery Style extension where it belongs (RFC 3024, 3.3).</summary>
    public bool IsEncapsulating { get; private set; }

    /// <summary>True with one before the authorization-enabling extension, where it does not belong.</summary>
    public bool IsMisplaced { get; private set; }

    /// <summary>Why the whole message has to be dropped; None when it need not.</summary>
    public DropReason Drop { get; private set; }

    /// <param name="extensions">The extensions of the message.</param>
    /// <param name="kind">Which authentication extension is for the foreign agent.</param>
    public static RelayedExtensions Read(ExtensionSequence extensions, ExtensionType kind)
    {
        var read = default(RelayedExtensions);
        foreach (var extension in extensions)
        {
            if (extension.Type is ExtensionType.MobileHomeAuthentication or ExtensionType.GeneralizedAuthentication)
            {
                read.RelayedLength = extension.Offset + extension.Octets.Length;
                read.IsMisplaced |= read.IsEncapsulating;
            }
            else if (extension.Type == kind)
            {
                read.Authentication = extension;
                read.Authentications++;
            }
            else if (extension.Type == ExtensionType.MobileNodeNai)
            {
                read.Nai = extension.Data;
            }
            else if (extension.Type == ExtensionType.EncapsulatingDeliveryStyle)
            {
                read.IsEncapsulating = true;
            }
            else if (!extension.Type.IsSkippable() && extension.Type != ExtensionType.Padding
                && (read.RelayedLength > 0 || !Enum.IsDefined(extension.Type)))
            {
                // RFC 5944, 1.8: nobody may ignore these. Known ones before the authentication are the home agent's.
                read.Drop = DropReason.UnknownExtension;
                return read;
            }
        }

        return read;
    }
}
