using DsmipTools.Wire.Ip;

namespace DsmipTools.Engine.MobileIPv4;

/// <summary>
/// Decides which IPv6 prefixes a mobile node may register (RFC 5454, 3.7: local configuration or an authorisation system). It answers at
/// once and says the same for the same question until its configuration changes; a home agent asks at every registration.
/// It does not throw.
/// </summary>
public interface IPrefixPolicy
{
    /// <summary>True when the mobile node may register the prefix. Overlap with other nodes is the home agent's business.</summary>
    /// <param name="homeAddress">The home address of the mobile node.</param>
    /// <param name="prefix">The prefix: 0 to 128 bits, none set beyond its length; never a link-local address.</param>
    bool Authorizes(Address homeAddress, Prefix prefix);
}
