using DsmipTools.Engine.Bindings;
namespace DsmipTools.Engine.ProxyMobileIPv6;

/// <summary>A mobility session as both ends know it: what an indication can name it by (RFC 5846, 5.1).</summary>
internal interface IMobilitySession
{
    SessionPrefixes Prefixes { get; }

    /// <summary>False while the anchor has yet to say which prefixes the session gets.</summary>
    bool HasPrefixes { get; }
}
