using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobileIPv4.Extensions;
using Fields = DsmipTools.Wire.MobileIPv4.RegistrationRequest.Fields;

namespace DsmipTools.Wire.MobileIPv4;

/// <summary>A checked Registration Request where it stands (RFC 5944, 3.3).</summary>
public readonly ref struct RegistrationRequestView
{
    internal RegistrationRequestView(ReadOnlySpan<byte> octets) => Octets = octets;

    /// <summary>The whole message with its extensions.</summary>
    public ReadOnlySpan<byte> Octets { get; }

    /// <summary>S: keep prior mobility bindings.</summary>
    public bool SimultaneousBindings => Fields.SimultaneousBindings.ReadFlag(Octets);

    /// <summary>B: tunnel broadcast datagrams of the home network.</summary>
    public bool BroadcastDatagrams => Fields.BroadcastDatagrams.ReadFlag(Octets);

    /// <summary>D: co-located care-of address.</summary>
    public bool DecapsulationByMobileNode => Fields.DecapsulationByMobileNode.ReadFlag(Octets);

    /// <summary>M: minimal encapsulation.</summary>
    public bool MinimalEncapsulation => Fields.MinimalEncapsulation.ReadFlag(Octets);

    /// <summary>G: GRE encapsulation.</summary>
    public bool GreEncapsulation => Fields.GreEncapsulation.ReadFlag(Octets);

    /// <summary>R: sent as zero, ignored on reception.</summary>
    public bool ReservedR => Fields.ReservedR.ReadFlag(Octets);

    /// <summary>T: reverse tunneling (RFC 3024).</summary>
    public bool ReverseTunneling => Fields.ReverseTunneling.ReadFlag(Octets);

    /// <summary>X: sent as zero, ignored on reception.</summary>
    public bool ReservedX => Fields.ReservedX.ReadFlag(Octets);

    /// <summary>Seconds; 0 de-registers, 65535 is infinity.</summary>
    public ushort Lifetime => Fields.Lifetime.ReadUInt16(Octets);

    /// <summary>The mobile node's home address.</summary>
    public Address HomeAddress => Fields.HomeAddress.ReadAddress(Octets);

    /// <summary>The home agent's address.</summary>
    public Address HomeAgent => Fields.HomeAgent.ReadAddress(Octets);

    /// <summary>The end of the tunnel.</summary>
    public Address CareOfAddress => Fields.CareOfAddress.ReadAddress(Octets);

    /// <summary>Matches replies with requests and protects against replay (RFC 5944, 5.7).</summary>
    public ulong Identification => Fields.Identification.ReadUInt64(Octets);

    /// <summary>The extensions.</summary>
    public ExtensionSequence Extensions => new(Octets[Fields.Layout.Length..], Fields.Layout.Length);

    /// <summary>Reads a message whose extensions fill the octets exactly.</summary>
    public static bool TryParse(ReadOnlySpan<byte> octets, out RegistrationRequestView view, out WireError error)
    {
        view = default;
        if (!MobileIPv4Message.TryCheck(octets, MobileIPv4MessageType.RegistrationRequest, Fields.Layout, out error))
        {
            return false;
        }

        view = new RegistrationRequestView(octets);
        return true;
    }
}
