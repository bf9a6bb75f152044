using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;

namespace DsmipTools.Engine.Revocation;

/// <summary>What a responder answers to an indication.</summary>
/// <param name="Status">The status.</param>
/// <param name="Bindings">How many bindings were revoked.</param>
internal readonly record struct RevocationReply(RevocationStatus Status, int Bindings = 0)
{
    /// <summary>Octets of a Home Network Prefix option with the padding around it.</summary>
    private const int AlignedPrefixLength = 20 + 7 + 7;

    /// <summary>The mobile node of <see cref="Failed"/>.</summary>
    public byte[]? Identifier { get; init; }

    /// <summary>The home network prefixes that were named and had no binding any more (RFC 5846, 8.2 and 9.1); null for none.</summary>
    public IReadOnlyList<Prefix>? Failed { get; init; }

    public static implicit operator RevocationReply(RevocationStatus status) => new(status);

    /// <summary>Success, or partial success with the prefixes that had no binding any more.</summary>
    public static RevocationReply Accepted(int bindings, ReadOnlySpan<byte> identifier, IReadOnlyList<Prefix> failed) => failed.Count == 0
        ? new RevocationReply(RevocationStatus.Success, bindings)
        : new RevocationReply(RevocationStatus.PartialSuccess, bindings) { Identifier = identifier.ToArray(), Failed = failed };

    /// <summary>Adds what failed: the prefixes, and with them the mobile node that they are about (RFC 5846, 5.2).</summary>
    public void AppendTo(ref MobilityMessageWriter writer)
    {
        if (Failed is null)
        {
            return;
        }

        writer.AppendMobileNodeIdentifier(Identifier);
        foreach (var prefix in Failed)
        {
            // An indication may have packed its options closer than the answer, which aligns them.
            if (writer.Length + AlignedPrefixLength > MobilityMessageWriter.MaximumLength)
            {
                return;
            }

            writer.AppendHomeNetworkPrefix(prefix);
        }
    }
}
