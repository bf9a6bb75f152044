namespace DsmipTools.Wire.Icmp.MulticastListenerDiscovery;

/// <summary>Multicast Address Record Types (RFC 3810, 5.2.12).</summary>
public enum MulticastAddressRecordType : byte
{
    /// <summary>MODE_IS_INCLUDE: the sources that a listener has in include mode.</summary>
    ModeIsInclude = 1,

    /// <summary>MODE_IS_EXCLUDE: the sources that a listener excludes.</summary>
    ModeIsExclude = 2,

    /// <summary>CHANGE_TO_INCLUDE_MODE; without sources, the listener leaves.</summary>
    ChangeToIncludeMode = 3,

    /// <summary>CHANGE_TO_EXCLUDE_MODE; without sources, the listener joins.</summary>
    ChangeToExcludeMode = 4,

    /// <summary>ALLOW_NEW_SOURCES: sources that are listened to from now on.</summary>
    AllowNewSources = 5,

    /// <summary>BLOCK_OLD_SOURCES: sources that are no longer listened to.</summary>
    BlockOldSources = 6,
}
