using DsmipTools.Engine.Diagnostics;
using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.MobileIPv4.Extensions;

namespace DsmipTools.Engine.MobileIPv4;

/// <summary>What the extensions of a registration reply say to a mobile node about its authentication (RFC 5944, 3.6.2.1).</summary>
internal ref struct ReplyExtensions
{
    /// <summary>Why the whole message has to be dropped; None when it need not.</summary>
    public DropReason Drop { get; private set; }

    /// <summary>The one Mobile-Home Authentication extension.</summary>
    public ExtensionView Authentication { get; private set; }

    /// <summary>Its SPI.</summary>
    public uint SecurityParameterIndex { get; private set; }

    /// <summary>The Mobile-Foreign Authentication extension, the last one behind the Mobile-Home Authentication extension.</summary>
    public ExtensionView ForeignAuthentication { get; private set; }

    /// <summary>How many there are.</summary>
    public int ForeignAuthentications { get; private set; }

    public static ReplyExtensions Read(RegistrationReplyView reply)
    {
        var read = new ReplyExtensions { Drop = DropReason.MissingAuthentication };
        foreach (var extension in reply.Extensions)
        {
            if (extension.Type == ExtensionType.MobileHomeAuthentication)
            {
                var isOnlyOne = read.Drop == DropReason.MissingAuthentication
                    & MobileHomeAuthenticationExtension.TryRead(extension, out var index, out _);
                read.Drop = isOnlyOne ? DropReason.None : DropReason.BadAuthenticator;
                read.Authentication = extension;
                read.SecurityParameterIndex = index;
            }
            else if (extension.Type == ExtensionType.MobileForeignAuthentication)
            {
                read.ForeignAuthentication = extension;
                read.ForeignAuthentications++;
            }
            else if (extension.Type is not (ExtensionType.Padding or ExtensionType.MobileNodeNai or ExtensionType.DualStackMobileIPv4)
                && !extension.Type.IsSkippable())
            {
                read.Drop = DropReason.UnknownExtension;
                return read;
            }
        }

        return read;
    }
}
