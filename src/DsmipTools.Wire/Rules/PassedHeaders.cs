namespace DsmipTools.Wire.Rules;

/// <summary>What the headers between the nearest IP header and a layer have that rules ask for.</summary>
[Flags]
internal enum PassedHeaders
{
    /// <summary>Nothing of this.</summary>
    None = 0,

    /// <summary>A Home Address option in a destination options header (RFC 6275, 6.3).</summary>
    HomeAddressOption = 1,

    /// <summary>A type 2 routing header (RFC 6275, 6.4).</summary>
    Type2RoutingHeader = 2,

    /// <summary>A fragment header.</summary>
    FragmentHeader = 4,

    /// <summary>A Router Alert option in a hop-by-hop options header (RFC 2711).</summary>
    RouterAlertOption = 8,
}
