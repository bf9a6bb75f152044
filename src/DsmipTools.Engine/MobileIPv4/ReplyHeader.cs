using DsmipTools.Engine.Bindings;
using DsmipTools.Engine.Security;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Engine.MobileIPv4;

/// <summary>What every reply to one request has in common, whatever its code.</summary>
/// <param name="Envelope">The envelope of the reply.</param>
/// <param name="HomeAddress">The home address of the request, or the one that was chosen for it (RFC 5944, 3.8.3.2).</param>
/// <param name="Identification">The Identification of the reply (RFC 5944, 5.7).</param>
/// <param name="Association">The security association that authenticates the reply.</param>
internal readonly record struct ReplyHeader(Envelope Envelope, Address HomeAddress, ulong Identification, SecurityAssociation Association)
{
    /// <summary>The association with the foreign agent that relayed the request; null for none.</summary>
    public SecurityAssociation? ForeignAgent { get; init; }

    /// <summary>The Network Access Identifier of the request, which the reply brings back (RFC 2794, 3); null for none.</summary>
    public NetworkAccessIdentifier? Nai { get; init; }
}
