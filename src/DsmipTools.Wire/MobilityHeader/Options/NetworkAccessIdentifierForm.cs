namespace DsmipTools.Wire.MobilityHeader.Options;

/// <summary>What a Network Access Identifier consists of (RFC 4282, 2.1).</summary>
public enum NetworkAccessIdentifierForm
{
    /// <summary>A user without a realm.</summary>
    User,

    /// <summary>A user of a realm, <c>user@realm</c>: a mobile node identifies itself so (RFC 4283, 3.1).</summary>
    UserOfRealm,

    /// <summary>A realm alone, <c>@realm</c>: all its users (RFC 5846, 8.1).</summary>
    Realm,
}
