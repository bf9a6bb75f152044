using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobileIPv4.Extensions;
using Fields = DsmipTools.Wire.MobileIPv4.RegistrationReply.Fields;

namespace DsmipTools.Wire.MobileIPv4;

/// <summary>A checked Registration Reply where it stands (RFC 5944, 3.4).</summary>
public readonly ref struct RegistrationReplyView
{
    internal RegistrationReplyView(ReadOnlySpan<byte> octets) => Octets = octets;

    /// <summary>The whole message with its extensions.</summary>
    public ReadOnlySpan<byte> Octets { get; }

    /// <summary>The outcome.</summary>
    public RegistrationCode Code => (RegistrationCode)Fields.Code.ReadByte(Octets);

    /// <summary>Granted seconds; 0 is de-registered, 65535 is infinity.</summary>
    public ushort Lifetime => Fields.Lifetime.ReadUInt16(Octets);

    /// <summary>The mobile node's home address.</summary>
    public Address HomeAddress => Fields.HomeAddress.ReadAddress(Octets);

    /// <summary>The home agent's address.</summary>
    public Address HomeAgent => Fields.HomeAgent.ReadAddress(Octets);

    /// <summary>The low 32 bits are those of the request (RFC 5944, 5.7).</summary>
    public ulong Identification => Fields.Identification.ReadUInt64(Octets);

    /// <summary>The extensions.</summary>
    public ExtensionSequence Extensions => new(Octets[Fields.Layout.Length..], Fields.Layout.Length);

    /// <summary>Reads a message whose extensions fill the octets exactly.</summary>
    public static bool TryParse(ReadOnlySpan<byte> octets, out RegistrationReplyView view, out WireError error)
    {
        view = default;
        if (!MobileIPv4Message.TryCheck(octets, MobileIPv4MessageType.RegistrationReply, Fields.Layout, out error))
        {
            return false;
        }

        view = new RegistrationReplyView(octets);
        return true;
    }
}
