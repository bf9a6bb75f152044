using DsmipTools.Engine.Diagnostics;
using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.MobileIPv4.Extensions;

namespace DsmipTools.Engine.MobileIPv4;

/// <summary>
/// What the extensions of a registration request say to a home agent, read in one pass. Only those before the Mobile-Home Authentication
/// extension are covered by its authenticator (RFC 5944, 3.5.1); what stands after it counts for nothing.
/// </summary>
internal ref struct RequestExtensions
{
    /// <summary>Why the whole message has to be dropped; None when it need not.</summary>
    public DropReason Drop { get; private set; }

    /// <summary>The Mobile-Home Authentication extension.</summary>
    public ExtensionView Authentication { get; private set; }

    /// <summary>Its SPI.</summary>
    public uint SecurityParameterIndex { get; private set; }

    /// <summary>The octets of the Network Access Identifier; empty for none.</summary>
    public ReadOnlySpan<byte> Nai { get; private set; }

    /// <summary>True with one or more IPv6 tunneling mode extensions: two say no more than one (RFC 5454, 3.1 allows one).</summary>
    public bool AsksForCareOfAddressTunneling { get; private set; }

    /// <summary>What is malformed in an authenticated extension, so that code 134 is the answer; null for nothing.</summary>
    public string? Malformed { get; private set; }

    private bool hasAuthentication;

    public static RequestExtensions Read(RegistrationRequestView request)
    {
        var read = default(RequestExtensions);
        foreach (var extension in request.Extensions)
        {
            if (extension.Type == ExtensionType.MobileHomeAuthentication)
            {
                read.ReadAuthentication(extension);
            }
            else if (extension.Type == ExtensionType.ForeignHomeAuthentication)
            {
                // RFC 5944, 3.8.2.1 d: no security association is shared with any foreign agent.
                read.Drop = DropReason.NoSecurityAssociation;
            }
            else if (extension.Type is not (ExtensionType.Padding or ExtensionType.MobileNodeNai or ExtensionType.DualStackMobileIPv4))
            {
                read.Drop = extension.Type.IsSkippable() ? read.Drop : DropReason.UnknownExtension;
            }
            else if (!read.hasAuthentication)
            {
                read.ReadContent(extension);
            }

            if (read.Drop != DropReason.None)
            {
                return read;
            }
        }

        read.Drop = read.hasAuthentication ? DropReason.None : DropReason.MissingAuthentication;
        return read;
    }

    private void ReadAuthentication(ExtensionView extension)
    {
        // Exactly one: a second one is authenticated by nobody that we know, whoever appended it.
        if (hasAuthentication || !MobileHomeAuthenticationExtension.TryRead(extension, out var index, out _))
        {
            Drop = DropReason.BadAuthenticator;
            return;
        }

        hasAuthentication = true;
        Authentication = extension;
        SecurityParameterIndex = index;
    }

    private void ReadContent(ExtensionView extension)
    {
        if (extension.Type == ExtensionType.MobileNodeNai)
        {
            Malformed ??= Nai.IsEmpty && !extension.Data.IsEmpty ? null : "the NAI is empty or given twice";
            Nai = extension.Data;
        }
        else if (extension.Type == ExtensionType.DualStackMobileIPv4)
        {
            ReadDualStack(extension);
        }
    }

    private void ReadDualStack(ExtensionView extension)
    {
        if (IPv6TunnelingModeExtension.IsOne(extension))
        {
            AsksForCareOfAddressTunneling = true;
        }
        else if (extension.Data.IsEmpty
            || extension.DualStackSubtype == DualStackSubtype.IPv6TunnelingMode
            || (extension.DualStackSubtype == DualStackSubtype.IPv6PrefixRequest && !IPv6PrefixRequestExtension.TryRead(extension, out _)))
        {
            Malformed ??= "a DSMIPv4 extension has a length that its subtype does not have";
        }
    }
}
