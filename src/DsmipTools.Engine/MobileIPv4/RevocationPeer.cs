namespace DsmipTools.Engine.MobileIPv4;

/// <summary>Who wants to hear of the revocation of a binding, and has agreed to be told (RFC 3543, 4.2.1).</summary>
internal enum RevocationPeer : byte
{
    /// <summary>Nobody.</summary>
    None,

    /// <summary>The foreign agent, which informs the mobile node as it sees fit.</summary>
    ForeignAgent,

    /// <summary>The foreign agent, which leaves it to the home agent whether the mobile node is informed: the I bit is agreed on.</summary>
    InformingForeignAgent,

    /// <summary>The mobile node itself, registered directly with a co-located care-of address.</summary>
    MobileNode,
}
