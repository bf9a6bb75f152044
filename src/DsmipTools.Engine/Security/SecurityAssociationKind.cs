namespace DsmipTools.Engine.Security;

/// <summary>Between whom a mobility security association is (RFC 5944, 3.5).</summary>
public enum SecurityAssociationKind
{
    /// <summary>Mobile node and home agent (3.5.2).</summary>
    MobileHome,

    /// <summary>Mobile node and foreign agent (3.5.3).</summary>
    MobileForeign,

    /// <summary>Foreign agent and home agent (3.5.4).</summary>
    ForeignHome,
}
