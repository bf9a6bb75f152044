using DsmipTools.Engine.Diagnostics;
using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.MobileIPv4.Extensions;

namespace DsmipTools.Engine.MobileIPv4;

/// <summary>
/// What the extensions of a registration request say to a home agent, read in one pass. Those before the Mobile-Home Authentication extension are the
/// mobile node's, covered by its authenticator; those between it and the Foreign-Home Authentication extension are the foreign agent's (RFC 5944, 3.5.1
/// and 3.7.2.2). What stands after that counts for nothing.
/// </summary>
internal ref struct RequestExtensions
{
    /// <summary>Why the whole message has to be dropped; None when it need not.</summary>
    public DropReason Drop { get; private set; }

    /// <summary>The Mobile-Home Authentication extension.</summary>
    public ExtensionView Authentication { get; private set; }

    /// <summary>Its SPI.</summary>
    public uint SecurityParameterIndex { get; private set; }

    /// <summary>The first Foreign-Home Authentication extension, where there is one.</summary>
    public ExtensionView ForeignAuthentication { get; private set; }

    /// <summary>The number of Foreign-Home Authentication extensions.</summary>
    public int ForeignAuthentications { get; private set; }

    /// <summary>The SPI of the first of them.</summary>
    public uint ForeignSecurityParameterIndex { get; private set; }

    /// <summary>The octets of the Network Access Identifier; empty for none.</summary>
    public ReadOnlySpan<byte> Nai { get; private set; }

    /// <summary>True with one or more IPv6 tunneling mode extensions: two say no more than one (RFC 5454, 3.1 allows one).</summary>
    public bool AsksForCareOfAddressTunneling { get; private set; }

    /// <summary>The mobile node's UDP Tunnel Request; null for none.</summary>
    public UdpTunnelRequest? NodesUdpTunnel { get; private set; }

    /// <summary>The foreign agent's UDP Tunnel Request; null for none.</summary>
    public UdpTunnelRequest? AgentsUdpTunnel { get; private set; }

    /// <summary>The mobile node's Revocation Support; null for none.</summary>
    public RevocationSupport? NodesRevocation { get; private set; }

    /// <summary>The foreign agent's Revocation Support; null for none.</summary>
    public RevocationSupport? AgentsRevocation { get; private set; }

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
                read.ReadForeignAuthentication(extension);
            }
            else if (!IsKnown(extension.Type))
            {
                read.Drop = extension.Type.IsSkippable() ? read.Drop : DropReason.UnknownExtension;
            }
            else if (!read.hasAuthentication)
            {
                read.ReadOfNode(extension);
            }
            else if (read.ForeignAuthentications == 0)
            {
                read.ReadOfAgent(extension);
            }

            if (read.Drop != DropReason.None)
            {
                return read;
            }
        }

        read.Drop = read.hasAuthentication ? DropReason.None : DropReason.MissingAuthentication;
        return read;
    }

    private static bool IsKnown(ExtensionType type) => type is ExtensionType.Padding or ExtensionType.MobileNodeNai or ExtensionType.DualStackMobileIPv4
        or ExtensionType.UdpTunnelRequest or ExtensionType.RevocationSupport;

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

    private void ReadForeignAuthentication(ExtensionView extension)
    {
        if (ForeignAuthentications++ == 0)
        {
            ForeignAuthentication = extension;
            // Too short for an SPI it names none that there is.
            _ = AuthenticationExtension.TryReadAny(extension, out var index, out _);
            ForeignSecurityParameterIndex = index;
        }
    }

    private void ReadOfNode(ExtensionView extension)
    {
        switch (extension.Type)
        {
            case ExtensionType.MobileNodeNai:
                Malformed ??= Nai.IsEmpty && !extension.Data.IsEmpty ? null : "the NAI is empty or given twice";
                Nai = extension.Data;
                break;
            case ExtensionType.DualStackMobileIPv4:
                ReadDualStack(extension);
                break;
            case ExtensionType.UdpTunnelRequest:
                NodesUdpTunnel ??= UdpTunnelRequest.Read(extension);
                break;
            case ExtensionType.RevocationSupport:
                NodesRevocation ??= RevocationSupport.Read(extension);
                break;
        }
    }

    private void ReadOfAgent(ExtensionView extension)
    {
        switch (extension.Type)
        {
            case ExtensionType.UdpTunnelRequest:
                AgentsUdpTunnel ??= UdpTunnelRequest.Read(extension);
                break;
            case ExtensionType.RevocationSupport:
                AgentsRevocation ??= RevocationSupport.Read(extension);
                break;
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
