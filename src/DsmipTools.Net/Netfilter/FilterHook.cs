namespace DsmipTools.Net.Netfilter;

/// <summary>Where the kernel looks at packets (include/uapi/linux/netfilter.h).</summary>
/// <param name="Number">The hook.</param>
/// <param name="Priority">Its order among others: the lower, the earlier.</param>
internal readonly record struct FilterHook(uint Number, int Priority)
{
    /// <summary>IPv6 packets (NFPROTO_IPV6).</summary>
    public const byte IPv6 = 10;

    /// <summary>IPv4 and IPv6 packets (NFPROTO_INET).</summary>
    public const byte Internet = 1;

    /// <summary>What comes in, before it is routed or tracked.</summary>
    public static FilterHook Arriving => new(0, -300);

    /// <summary>What this host sends.</summary>
    public static FilterHook Leaving => new(3, 0);
}
