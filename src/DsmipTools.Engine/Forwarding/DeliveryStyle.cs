namespace DsmipTools.Engine.Forwarding;

/// <summary>How a foreign agent takes the packets of a mobile node that visits it (RFC 5944, 4.2.2; RFC 3024, 5).</summary>
public enum DeliveryStyle : byte
{
    /// <summary>There is no reverse tunnel: packets go on as from any router.</summary>
    NoReverseTunnel,

    /// <summary>Direct Delivery Style: all unicast packets go through the reverse tunnel (RFC 3024, 5.1).</summary>
    Direct,

    /// <summary>Encapsulating Delivery Style: what the mobile node tunnels to the foreign agent goes through the reverse tunnel, other packets go on (RFC 3024, 5.2).</summary>
    Encapsulating,
}
