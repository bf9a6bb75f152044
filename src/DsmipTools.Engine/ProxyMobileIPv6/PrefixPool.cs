using DsmipTools.Wire.Ip;

namespace DsmipTools.Engine.ProxyMobileIPv6;

/// <summary>Home network prefixes to assign (RFC 5213, 5.2): fresh ones first, then the one that was given back longest ago.</summary>
internal sealed class PrefixPool(Prefix pool, byte length)
{
    private readonly Queue<Prefix> released = new();
    private UInt128 next;

    /// <summary>True when a prefix is one that this pool could assign.</summary>
    public bool Owns(Prefix prefix) => prefix.Length == length && prefix.IsCanonical && pool.Contains(prefix);

    /// <summary>Takes a prefix that is not in use; null when there is none.</summary>
    public Prefix? Take(Func<Prefix, bool> isInUse)
    {
        var step = UInt128.One << (128 - length);
        var size = UInt128.One << (length - pool.Length);
        while (next < size)
        {
            var fresh = new Prefix(pool.Canonical.Bits + (next++ * step), length);
            if (!isInUse(fresh))
            {
                return fresh;
            }
        }

        while (released.TryDequeue(out var used))
        {
            if (!isInUse(used))
            {
                return used;
            }
        }

        return null;
    }

    /// <summary>Gives a prefix back.</summary>
    public void Release(Prefix prefix)
    {
        if (Owns(prefix))
        {
            released.Enqueue(prefix);
        }
    }
}
