namespace DsmipTools.Wire.MobilityHeader.Options;

/// <summary>The mobility options of a message (RFC 6275, 6.2.1), checked as a whole before any is handed out.</summary>
public readonly ref struct MobilityOptionSequence
{
    private readonly ReadOnlySpan<byte> octets;
    private readonly int offset;

    internal MobilityOptionSequence(ReadOnlySpan<byte> octets, int offset)
    {
        this.octets = octets;
        this.offset = offset;
    }

    /// <summary>Checks that the options fill their place exactly.</summary>
    internal static bool TryCheck(ReadOnlySpan<byte> octets, int offset, out WireError error) =>
        TypeLengthValue.Check(octets, offset, "Option", out error) == octets.Length;

    /// <summary>True when there is no option but padding.</summary>
    public bool IsEmpty
    {
        get
        {
            foreach (var option in this)
            {
                if (!option.IsPadding)
                {
                    return false;
                }
            }

            return true;
        }
    }

    /// <summary>Finds the first option of a type.</summary>
    public bool TryFind(MobilityOptionType type, out MobilityOptionView found)
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
        public readonly MobilityOptionView Current => new(octets.Slice(at, length), offset + at);

        /// <summary>Moves to the next option.</summary>
        public bool MoveNext()
        {
            at += length;
            if (at >= octets.Length)
            {
                return false;
            }

            length = TypeLengthValue.LengthAt(octets, at);
            return true;
        }
    }
}
