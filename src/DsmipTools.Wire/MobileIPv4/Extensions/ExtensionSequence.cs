using System.Globalization;

namespace DsmipTools.Wire.MobileIPv4.Extensions;

/// <summary>The extensions of a registration message (RFC 5944, 1.9 and 1.11), checked as a whole before any is handed out.</summary>
public readonly ref struct ExtensionSequence
{
    private readonly ReadOnlySpan<byte> octets;
    private readonly int offset;

    internal ExtensionSequence(ReadOnlySpan<byte> octets, int offset)
    {
        this.octets = octets;
        this.offset = offset;
    }

    /// <summary>Checks that the extensions fill the rest of the message exactly.</summary>
    internal static bool TryCheck(ReadOnlySpan<byte> octets, int offset, out WireError error)
    {
        for (var at = 0; at < octets.Length;)
        {
            if (octets[at] == (byte)ExtensionType.Padding)
            {
                at++;
            }
            else if (octets.Length - at < 2)
            {
                error = new WireError("ExtensionLength", offset + at + 1, "the extension ends before its length octet");
                return false;
            }
            else if (octets[at + 1] > octets.Length - at - 2)
            {
                error = new WireError("ExtensionLength", offset + at + 1, string.Create(CultureInfo.InvariantCulture,
                    $"extension {octets[at]} has length {octets[at + 1]}, but only {octets.Length - at - 2} octets follow"));
                return false;
            }
            else
            {
                at += 2 + octets[at + 1];
            }
        }

        error = default;
        return true;
    }

    /// <summary>Enumerates in wire order.</summary>
    public Enumerator GetEnumerator() => new(octets, offset);

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

        /// <summary>The current extension.</summary>
        public readonly ExtensionView Current => new(octets.Slice(at, length), offset + at);

        /// <summary>Moves to the next extension.</summary>
        public bool MoveNext()
        {
            at += length;
            if (at >= octets.Length)
            {
                return false;
            }

            length = octets[at] == (byte)ExtensionType.Padding ? 1 : 2 + octets[at + 1];
            return true;
        }
    }
}
