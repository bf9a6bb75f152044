using System.Globalization;

namespace DsmipTools.Packets;

/// <summary>Lifetimes as the 16 bits that messages have for them; 65535 is infinity.</summary>
public static class MessageLifetime
{
    /// <summary>The unit of registration messages (RFC 5944, 3.3).</summary>
    public static readonly TimeSpan RegistrationUnit = TimeSpan.FromSeconds(1);

    /// <summary>The unit of Binding Updates and Acknowledgements (RFC 6275, 6.1.7).</summary>
    public static readonly TimeSpan BindingUnit = TimeSpan.FromSeconds(4);

    /// <summary>What stands for a lifetime without end.</summary>
    public const ushort Infinite = ushort.MaxValue;

    /// <summary>The value of the field.</summary>
    /// <param name="lifetime">The lifetime; <see cref="Timeout.InfiniteTimeSpan"/> for one without end.</param>
    /// <param name="unit">What the field counts.</param>
    /// <exception cref="ArgumentException">The field cannot say it: it is negative, too long, or no multiple of the unit.</exception>
    public static ushort ToField(TimeSpan lifetime, TimeSpan unit)
    {
        if (lifetime == Timeout.InfiniteTimeSpan)
        {
            return Infinite;
        }

        var longest = unit * (Infinite - 1);
        if (lifetime < TimeSpan.Zero || lifetime > longest)
        {
            throw new ArgumentException(string.Create(
                CultureInfo.InvariantCulture,
                $"A lifetime of {lifetime.TotalSeconds} s does not fit: the field holds 0 to {longest.TotalSeconds} s, or Infinite (65535)."));
        }

        var (units, rest) = Math.DivRem(lifetime.Ticks, unit.Ticks);
        return rest == 0
            ? (ushort)units
            : throw new ArgumentException(string.Create(
                CultureInfo.InvariantCulture,
                $"A lifetime of {lifetime.TotalSeconds} s does not fit: the field counts units of {unit.TotalSeconds} s. Take {units * unit.TotalSeconds} or {(units + 1) * unit.TotalSeconds} s."));
    }
}
