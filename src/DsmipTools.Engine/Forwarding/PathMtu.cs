namespace DsmipTools.Engine.Forwarding;

/// <summary>
/// The path MTU to the other end of a tunnel, as ICMP errors have told it (RFC 1191, RFC 8201; RFC 4213, 3.2.2; RFC 2473, 6.7): soft state, which one
/// thread changes while any number of threads read it.
/// </summary>
public sealed class PathMtu
{
    /// <summary>The least MTU of an IPv6 link (RFC 8200, 5).</summary>
    public const int MinimumIPv6 = 1280;

    /// <summary>The least MTU of an IPv4 link (RFC 791, 3.2).</summary>
    public const int MinimumIPv4 = 68;

    /// <summary>How long what was learnt is kept (RFC 1191, 6.3; RFC 8201, 4).</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    // 0: unknown. The deadline is the writer's alone.
    private int value;

    /// <summary>Octets of the longest packet that arrives; null as long as none was too long.</summary>
    public int? Value => Volatile.Read(ref value) is not 0 and var known ? known : null;

    /// <summary>When it is forgotten, as <see cref="Instant.Elapsed"/>; <see cref="TimeSpan.MaxValue"/> for never.</summary>
    public TimeSpan Deadline { get; private set; } = TimeSpan.MaxValue;

    /// <summary>Takes what an ICMP error says; it only makes it smaller.</summary>
    /// <returns>True when it has become smaller.</returns>
    public bool Learn(int mtu, TimeSpan now)
    {
        if (mtu > (Value ?? int.MaxValue))
        {
            return false;
        }

        var isSmaller = mtu != Value;
        Volatile.Write(ref value, mtu);
        Deadline = now + Lifetime;
        return isSmaller;
    }

    /// <summary>Forgets what is too old, so that a longer path is found again.</summary>
    /// <returns>True when it was forgotten.</returns>
    public bool Expire(TimeSpan now)
    {
        if (now < Deadline)
        {
            return false;
        }

        Volatile.Write(ref value, 0);
        Deadline = TimeSpan.MaxValue;
        return true;
    }
}
