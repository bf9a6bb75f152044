using System.Globalization;
using DsmipTools.Engine.Diagnostics;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Security;

namespace DsmipTools.Engine.Security;

/// <summary>
/// A security association of ESP in transport mode for one direction between a local mobility anchor and a mobile access gateway
/// (RFC 5213, 4; RFC 4301, 4.1), keyed by hand. Two of them, one for each direction, protect all signaling between two addresses. Nothing
/// public gives a key out again. The end that sends and the end that receives belong to one thread each.
/// </summary>
/// <remarks>
/// RFC 4303, 3.3.3: with keys that were configured by hand, the counter of a sender that restarts must go on. Nothing is stored here; the first
/// number that a process sends is eight times the seconds since <see cref="InUseSince"/>, which is higher than all before unless more than eight
/// packets a second went out on average. Then the other end drops what is sent until the numbers are new again, or has to be restarted too.
/// </remarks>
public sealed class IPsecSecurityAssociation
{
    /// <summary>The smallest SPI: 1 to 255 are reserved by IANA, and 0 is never sent (RFC 4303, 2.1).</summary>
    public const uint MinimumSecurityParametersIndex = 256;

    private const double NumbersPerSecond = 8;

    private readonly Octets integrityKey;
    private readonly Octets encryptionKey;
    private EncapsulatingSecurityPayload? sender;
    private EncapsulatingSecurityPayload? receiver;
    private AntiReplayWindow window;

    /// <summary>Makes a security association.</summary>
    /// <param name="securityParametersIndex">The SPI, 256 to 4294967295; one of its own at the destination.</param>
    /// <param name="source">The address of who sends.</param>
    /// <param name="destination">The address of who receives, of the same family.</param>
    /// <param name="integrityKey">The key of HMAC-SHA-256-128, 32 octets, used for nothing else.</param>
    /// <param name="encryptionKey">The key of AES-CBC, 16 or 32 octets; empty for no encryption, which RFC 5213, 4 does not ask for.</param>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    public IPsecSecurityAssociation(
        uint securityParametersIndex, Address source, Address destination, ReadOnlySpan<byte> integrityKey, ReadOnlySpan<byte> encryptionKey = default)
    {
        if (securityParametersIndex < MinimumSecurityParametersIndex)
        {
            throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture, $"SPI {securityParametersIndex} is reserved (0 to 255; RFC 4303, 2.1); use 256 or more."),
                nameof(securityParametersIndex));
        }

        if (!source.IsUnicast || !destination.IsUnicast || source.IsIPv4 != destination.IsIPv4 || source == destination)
        {
            throw new ArgumentException($"{source} and {destination} are not two unicast addresses of one family.");
        }

        EncapsulatingSecurityPayload.ThrowUnlessKeys(integrityKey.Length, encryptionKey.Length);
        SecurityParametersIndex = securityParametersIndex;
        Source = source;
        Destination = destination;
        this.integrityKey = Octets.Create(integrityKey);
        this.encryptionKey = Octets.Create(encryptionKey);
    }

    /// <summary>The SPI, 256 or more.</summary>
    public uint SecurityParametersIndex { get; }

    /// <summary>The address of who sends.</summary>
    public Address Source { get; }

    /// <summary>The address of who receives.</summary>
    public Address Destination { get; }

    /// <summary>The algorithms, in the words of their RFCs.</summary>
    public string Algorithm => encryptionKey.Length == 0
        ? "HMAC-SHA-256-128"
        : string.Create(CultureInfo.InvariantCulture, $"AES-CBC-{encryptionKey.Length * 8} HMAC-SHA-256-128");

    /// <summary>
    /// True to drop packets whose sequence number has been seen (RFC 4303, 3.4.3); the default. False for a peer that begins at 1 after every
    /// restart, as a kernel with keys configured by hand does.
    /// </summary>
    public bool AntiReplay { get; init; } = true;

    /// <summary>Since when the key has been in use, or some time before; sequence numbers last for 17 years from here. Default: 2026-01-01.</summary>
    public DateTimeOffset InUseSince { get; init; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The last sequence number sent here; 0 for none.</summary>
    public uint LastSent { get; private set; }

    /// <summary>The highest sequence number received here; 0 for none, and without <see cref="AntiReplay"/>.</summary>
    public uint HighestReceived => window.Highest;

    /// <summary>Addresses, SPI and algorithms; never a key.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Source} > {Destination} SPI {SecurityParametersIndex} {Algorithm}");

    /// <summary>Writes the ESP octets of a payload; false when no sequence number is left: they never come round (RFC 4303, 3.3.3).</summary>
    internal bool TryWrite(IpProtocol nextHeader, ReadOnlySpan<byte> payload, Instant now, IRandomSource random, ref byte[] buffer, out int length)
    {
        length = 0;
        LastSent = LastSent == 0 ? (uint)Math.Clamp((now.WallClock - InUseSince).TotalSeconds * NumbersPerSecond, 0, uint.MaxValue) : LastSent;
        if (LastSent == uint.MaxValue)
        {
            return false;
        }

        sender ??= Create();
        var needed = sender.GetLength(payload.Length);
        if (buffer.Length < needed)
        {
            buffer = new byte[Math.Max(needed, buffer.Length * 2)];
        }

        Span<byte> unpredictable = stackalloc byte[16];
        if (encryptionKey.Length > 0)
        {
            System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(unpredictable, random.NextUInt64());
            System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(unpredictable[8..], random.NextUInt64());
        }

        length = sender.Write(SecurityParametersIndex, ++LastSent, nextHeader, payload, unpredictable, buffer);
        return true;
    }

    /// <summary>Opens ESP octets in the order of RFC 4303, 3.4: the window, the integrity check value, the window again, and only then what is inside.</summary>
    internal DropReason Open(ReadOnlySpan<byte> octets, out ReadOnlySpan<byte> payload, out IpProtocol nextHeader, out WireError error)
    {
        payload = default;
        nextHeader = default;
        error = default;
        if (!EncapsulatingSecurityPayload.TryReadHeader(octets, out _, out var number) || (AntiReplay && !window.IsNew(number)))
        {
            return DropReason.Replayed;
        }

        receiver ??= Create();
        if (!receiver.IsAuthentic(octets))
        {
            return DropReason.BadAuthenticator;
        }

        if (AntiReplay && window.Highest == 0)
        {
            // What came before this process began may come again; anything that still matters has a higher number.
            window = AntiReplayWindow.From(number);
        }
        else if (AntiReplay)
        {
            window.Enter(number);
        }

        return !receiver.TryRead(octets, out payload, out nextHeader, out error) ? DropReason.Malformed
            : nextHeader == IpProtocol.NoNextHeader ? DropReason.UnexpectedMessage
            : DropReason.None;
    }

    private EncapsulatingSecurityPayload Create() => new(integrityKey.Span, encryptionKey.Span);
}
