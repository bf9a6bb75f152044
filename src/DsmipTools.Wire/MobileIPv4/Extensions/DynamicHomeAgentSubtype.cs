namespace DsmipTools.Wire.MobileIPv4.Extensions;

/// <summary>Subtypes of the Dynamic HA extension, type 139 (RFC 4433).</summary>
public enum DynamicHomeAgentSubtype : byte
{
    /// <summary>Requested HA extension: the home agent that the mobile node would like.</summary>
    RequestedHomeAgent = 1,

    /// <summary>Redirected HA extension: the home agent that the mobile node is sent to.</summary>
    RedirectedHomeAgent = 2,
}
