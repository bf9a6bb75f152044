namespace DsmipTools.Wire.Ip;

/// <summary>EtherTypes that DsmipTools decodes or names (IANA, IEEE 802 numbers).</summary>
public enum EtherType : ushort
{
    /// <summary>IPv4 (RFC 894).</summary>
    IPv4 = 0x0800,

    /// <summary>Address resolution (RFC 826).</summary>
    Arp = 0x0806,

    /// <summary>A VLAN tag follows (IEEE 802.1Q, C-TAG).</summary>
    CustomerVlanTag = 0x8100,

    /// <summary>IPv6 (RFC 2464).</summary>
    IPv6 = 0x86DD,

    /// <summary>A VLAN tag of a provider follows (IEEE 802.1ad, S-TAG).</summary>
    ServiceVlanTag = 0x88A8,

    /// <summary>A VLAN tag of a provider follows, as equipment before IEEE 802.1ad wrote it.</summary>
    OldServiceVlanTag = 0x9100,
}
