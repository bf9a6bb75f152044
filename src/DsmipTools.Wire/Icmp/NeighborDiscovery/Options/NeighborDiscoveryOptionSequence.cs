using System.Globalization;
using System.Runtime.CompilerServices;

namespace DsmipTools.Wire.Icmp.NeighborDiscovery.Options;

/// <summary>
/// The options of a message (RFC 4861, 4.6), checked as a whole before any is handed out: type, length in units of 8 octets that counts
/// the whole option, and as many octets as that says. There is no padding option; a length of zero is an error.
/// </summary>
public readonly ref struct NeighborDiscoveryOptionSequence
{
    /// <summary>Octets in a unit of length.</summary>
    internal const int Unit = 8;

    private readonly ReadOnlySpan<byte> octets;
    private readonly int offset;

    internal NeighborDiscoveryOptionSequence(ReadOnlySpan<byte> octets, int offset)
    {
        this.octets = octets;
        this.offset = offset;
    }

    /// <summary>How many octets hold whole options; when that is not all, the error says what is wrong with the next one.</summary>
    /// <param name="octets">The options.</param>
    /// <param name="offset">Where they stand in the message, for the error.</param>
    /// <param name="error">What is wrong.</param>
    internal static int Check(ReadOnlySpan<byte> octets, int offset, out WireError error)
    {
        var at = 0;
        while (at < octets.Length)
        {
            var left = octets.Length - at;
            var length = left < 2 ? 0 : LengthAt(octets, at);
            if (length == 0 || length > left)
            {
                error = IsWrong(offset + at + 1, octets[at], length, left);
                return at;
            }

            at += length;
        }

        error = default;
        return at;
    }

    /// <summary>Finds the first option of a type.</summary>
    public bool TryFind(NeighborDiscoveryOptionType type, out NeighborDiscoveryOptionView found)
    {
        foreach (var option in this)
        {
            if (option.Type == type)
            {
                found = option;
                return true;
            }
        }

        found = default;
        return false;
    }

    /// <summary>Enumerates in wire order.</summary>
    public Enumerator GetEnumerator() => new(octets, offset);

    private static int LengthAt(ReadOnlySpan<byte> octets, int at) => octets[at + 1] * Unit;

    // The texts are made apart from the checks: their room on the stack would be cleared at every check.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WireError IsWrong(int offset, byte type, int says, int has) => new("OptionLength", offset, (says, has) switch
    {
        (_, < 2) => "the Option ends before its length octet",
        (0, _) => string.Create(CultureInfo.InvariantCulture, $"Option {type} has length 0"),
        _ => string.Create(CultureInfo.InvariantCulture, $"Option {type} has {says} octets by its length, but only {has} are there"),
    });

    /// <summary>The enumerator.</summary>
    public ref struct Enumerator
    {
        private readonly ReadOnlySpan<byte> octets;
        private readonly int offset;
        private int at;
        private int length;

        internal Enumerator(ReadOnlySpan<byte> octets, int offset)
        {
            this.octets = octets;
            this.offset = offset;
        }

        /// <summary>The current option.</summary>
        public readonly NeighborDiscoveryOptionView Current => new(octets.Slice(at, length), offset + at);

        /// <summary>Moves to the next option.</summary>
        public bool MoveNext()
        {
            at += length;
            if (at >= octets.Length)
            {
                return false;
            }

            length = LengthAt(octets, at);
            return true;
        }
    }
}
