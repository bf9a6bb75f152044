namespace DsmipTools.Wire.MobileIPv4.Extensions;

/// <summary>The extensions of a registration message (RFC 5944, 1.9 to 1.11), checked as a whole before any is handed out.</summary>
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
    internal static bool TryCheck(ReadOnlySpan<byte> octets, int offset, out WireError error) =>
        Check(octets, offset, out error) == octets.Length;

    /// <summary>How many octets hold whole extensions; when that is not all, the error says what is wrong with the next one.</summary>
    internal static int Check(ReadOnlySpan<byte> octets, int offset, out WireError error) =>
        TypeLengthValue.Check(octets, offset, "Extension", out error, ExtensionTypes.LongForm);

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

            length = TypeLengthValue.LengthAt(octets, at, ExtensionTypes.LongForm);
            return true;
        }
    }
}
