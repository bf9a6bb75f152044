namespace DsmipTools.Engine.ProxyMobileIPv6;

/// <summary>
/// Where a local mobility anchor obtains the policy profiles of mobile nodes (RFC 5213, 6.2). It answers at once and says the same for the same question
/// until its configuration changes; the anchor asks at every registration. It does not throw.
/// </summary>
public interface IPolicyStore
{
    /// <summary>The profile of a mobile node; null for one that this anchor does not know, and does not serve.</summary>
    /// <param name="identifier">The octets of the Network Access Identifier, as the gateway gives them; valid during the call.</param>
    PolicyProfile? Find(ReadOnlySpan<byte> identifier);
}
