using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.MobilityHeader;

/// <summary>Care-of Test: the answer to a Care-of Test Init (RFC 6275, 6.1.6).</summary>
public sealed record CareOfTest : MobilityMessage
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("Care-of Test", "RFC 6275, 6.1.6");

        /// <summary>The fields of every Mobility Header.</summary>
        public static readonly MobilityHeaderFields Header = new(Layout);

        /// <summary>Names the nonce behind the token; a later Binding Update brings it back.</summary>
        public static readonly Field CareOfNonceIndex = Layout.Number("CareOfNonceIndex", 16, "names the nonce behind the token; a later Binding Update brings it back");

        /// <summary>The cookie of the Care-of Test Init.</summary>
        public static readonly Field CareOfInitCookie = Layout.Number("CareOfInitCookie", 64, "the cookie of the Care-of Test Init");

        /// <summary>The care-of keygen token: one half of the binding management key.</summary>
        public static readonly Field CareOfKeygenToken = Layout.Number("CareOfKeygenToken", 64, "one half of the binding management key");
    }

    /// <summary>Makes a message to compose.</summary>
    public CareOfTest()
    {
    }

    internal CareOfTest(MobilityHeaderView view)
        : base(view, Fields.Layout.Length)
    {
        CareOfNonceIndex = Fields.CareOfNonceIndex.ReadUInt16(view.Octets);
        CareOfInitCookie = Fields.CareOfInitCookie.ReadUInt64(view.Octets);
        CareOfKeygenToken = Fields.CareOfKeygenToken.ReadUInt64(view.Octets);
    }

    /// <summary>Names the nonce behind the token; a later Binding Update brings it back.</summary>
    public ushort CareOfNonceIndex { get; init; }

    /// <summary>The cookie of the Care-of Test Init.</summary>
    public ulong CareOfInitCookie { get; init; }

    /// <summary>The care-of keygen token: one half of the binding management key.</summary>
    public ulong CareOfKeygenToken { get; init; }

    /// <inheritdoc/>
    public override MobilityHeaderType Type => MobilityHeaderType.CareOfTest;

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    private protected override void WriteFields(Span<byte> message)
    {
        Fields.CareOfNonceIndex.Write(message, CareOfNonceIndex);
        Fields.CareOfInitCookie.Write(message, CareOfInitCookie);
        Fields.CareOfKeygenToken.Write(message, CareOfKeygenToken);
    }
}
