using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.MobilityHeader;

/// <summary>Home Test: the answer to a Home Test Init (RFC 6275, 6.1.5).</summary>
public sealed record HomeTest : MobilityMessage
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("Home Test", "RFC 6275, 6.1.5");

        /// <summary>The fields of every Mobility Header.</summary>
        public static readonly MobilityHeaderFields Header = new(Layout);

        /// <summary>Names the nonce behind the token; a later Binding Update brings it back.</summary>
        public static readonly Field HomeNonceIndex = Layout.Number("HomeNonceIndex", 16, "names the nonce behind the token; a later Binding Update brings it back");

        /// <summary>The cookie of the Home Test Init.</summary>
        public static readonly Field HomeInitCookie = Layout.Number("HomeInitCookie", 64, "the cookie of the Home Test Init");

        /// <summary>The home keygen token: one half of the binding management key.</summary>
        public static readonly Field HomeKeygenToken = Layout.Number("HomeKeygenToken", 64, "one half of the binding management key");
    }

    /// <summary>Makes a message to compose.</summary>
    public HomeTest()
    {
    }

    internal HomeTest(MobilityHeaderView view)
        : base(view, Fields.Layout.Length)
    {
        HomeNonceIndex = Fields.HomeNonceIndex.ReadUInt16(view.Octets);
        HomeInitCookie = Fields.HomeInitCookie.ReadUInt64(view.Octets);
        HomeKeygenToken = Fields.HomeKeygenToken.ReadUInt64(view.Octets);
    }

    /// <summary>Names the nonce behind the token; a later Binding Update brings it back.</summary>
    public ushort HomeNonceIndex { get; init; }

    /// <summary>The cookie of the Home Test Init.</summary>
    public ulong HomeInitCookie { get; init; }

    /// <summary>The home keygen token: one half of the binding management key.</summary>
    public ulong HomeKeygenToken { get; init; }

    /// <inheritdoc/>
    public override MobilityHeaderType Type => MobilityHeaderType.HomeTest;

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    private protected override void WriteFields(Span<byte> message)
    {
        Fields.HomeNonceIndex.Write(message, HomeNonceIndex);
        Fields.HomeInitCookie.Write(message, HomeInitCookie);
        Fields.HomeKeygenToken.Write(message, HomeKeygenToken);
    }
}
