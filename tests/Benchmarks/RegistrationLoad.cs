using System.Buffers.Binary;
using System.Security.Cryptography;
using DsmipTools.Engine;
using DsmipTools.Engine.Diagnostics;
using DsmipTools.Engine.MobileIPv4;
using DsmipTools.Engine.Security;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.MobileIPv4.Extensions;
using DsmipTools.Wire.Security;

namespace DsmipTools.Benchmarks;

/// <summary>A home agent and the mobile nodes that register with it, each with a key of its own, in order of their numbers over and over.</summary>
internal sealed class RegistrationLoad : IDisposable
{
    private const int AuthenticatorLength = 16; // HMAC-MD5

    private static readonly Address homeAgent = "10.0.0.1";

    private readonly Instant now = new(TimeSpan.FromSeconds(1), new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly ulong start;
    private readonly byte[][] keys;
    private readonly byte[][] unsigned;
    private readonly Envelope[] envelopes;
    private readonly HomeAgent agent;
    private byte[] batch = [];
    private readonly int stride;
    private int next;
    private int first;
    private ulong identification;

    public RegistrationLoad(int nodes)
    {
        start = NtpTimestamp.From(now.WallClock);
        keys = new byte[nodes][];
        unsigned = new byte[nodes][];
        envelopes = new Envelope[nodes];
        var associations = new SecurityAssociations();
        for (var node = 0; node < nodes; node++)
        {
            var home = Address.FromIPv4(0x0A010001u + (uint)node);
            var careOf = Address.FromIPv4(0xC6120001u + (uint)node); // 198.18.0.0/15, for benchmarks (RFC 2544)
            var prefix = new Prefix(((Prefix)"2001:db8:8000::/48").Bits + ((UInt128)(uint)node << 64), 64);
            keys[node] = Key(node);
            associations.Add(new SecurityAssociation(Messages.Spi, home, keys[node]));
            unsigned[node] = Messages.Request(homeAgent, home, careOf, prefix, Messages.Node(node, 0)).ToOctets().ToArray();
            envelopes[node] = new Envelope(Transport.MobileIPv4Udp, new Endpoint(careOf, 4000), new Endpoint(homeAgent, MobileIPv4Message.Port));
        }

        stride = unsigned[0].Length + 6 + AuthenticatorLength;
        var options = new HomeAgentOptions
        {
            Name = "ha",
            Address = homeAgent,
            HomeNetwork = "10.0.0.0/8",
            PrefixPolicy = new ConfiguredPrefixes(["2001:db8::/32"]),
        };
        agent = new HomeAgent(options, associations, new SeededRandom(1));
        CacheSize = options.AuthenticatorCacheSize;
    }

    /// <summary>How many keyed authenticators the home agent keeps.</summary>
    public int CacheSize { get; }

    /// <summary>Whole registrations.</summary>
    public Contender Registrations => new(Register, Prepare);

    /// <summary>The two authenticators of each registration alone, with one instance that is kept.</summary>
    public Contender KeptKey(int replyLength) => new(
        count =>
        {
            Span<byte> result = stackalloc byte[MessageAuthenticator.MaximumLength];
            using var authenticator = new MessageAuthenticator(AuthenticationAlgorithm.HmacMd5, keys[0]);
            ReadOnlySpan<byte> request = batch.AsSpan(0, stride - AuthenticatorLength), reply = request[..replyLength];
            for (var at = 0; at < count; at++)
            {
                authenticator.Compute(request, result);
                authenticator.Compute(reply, result);
                Sink.Take(result[0]);
            }
        },
        Prepare);

    /// <summary>The two authenticators of each registration alone, with the mobile node's key set anew for the two of them.</summary>
    public Contender FreshKeys(int replyLength) => new(
        count =>
        {
            Span<byte> result = stackalloc byte[MessageAuthenticator.MaximumLength];
            ReadOnlySpan<byte> request = batch.AsSpan(0, stride - AuthenticatorLength), reply = request[..replyLength];
            for (var at = 0; at < count; at++)
            {
                using var authenticator = new MessageAuthenticator(AuthenticationAlgorithm.HmacMd5, keys[(first + at) % keys.Length]);
                authenticator.Compute(request, result);
                authenticator.Compute(reply, result);
                Sink.Take(result[0]);
            }
        },
        Prepare);

    /// <summary>The octets of a reply that its authenticator covers.</summary>
    public int CoveredReplyLength()
    {
        Prepare(1);
        agent.Receive(batch.AsSpan(0, stride), envelopes[first], now);
        var length = 0;
        while (agent.Outbox.TryTake(out var effect))
        {
            length = effect.Kind == EffectKind.Send ? agent.Outbox.MessageOf(effect).Length : length;
        }

        return length - AuthenticatorLength;
    }

    /// <summary>Every mobile node registers once; returns nanoseconds for each.</summary>
    public double RegisterAll()
    {
        Prepare(keys.Length);
        var start = Clock.Processor();
        Register(keys.Length);
        var elapsed = Clock.Processor() - start;
        return agent.BindingCount == keys.Length
            ? elapsed.TotalNanoseconds / keys.Length
            : throw new InvalidOperationException($"{agent.BindingCount} of {keys.Length} mobile nodes are registered.");
    }

    /// <inheritdoc/>
    public void Dispose() => agent.Dispose();

    private static byte[] Key(int node)
    {
        var key = Messages.Utf8("1234567812345678");
        BinaryPrimitives.WriteInt32BigEndian(key, node);
        return key;
    }

    /// <summary>Signs the requests of the next mobile nodes, each with a later Identification than all before.</summary>
    private void Prepare(int count)
    {
        if (batch.Length < count * stride)
        {
            batch = new byte[count * stride];
        }

        first = next;
        for (var at = 0; at < count; at++)
        {
            var request = batch.AsSpan(at * stride, stride);
            unsigned[next].CopyTo(request);
            RegistrationRequest.Fields.Identification.Write(request, start + ++identification);
            request[unsigned[next].Length] = (byte)ExtensionType.MobileHomeAuthentication;
            request[unsigned[next].Length + 1] = 4 + AuthenticatorLength;
            BinaryPrimitives.WriteUInt32BigEndian(request[(unsigned[next].Length + 2)..], Messages.Spi);
            CryptographicOperations.HmacData(HashAlgorithmName.MD5, keys[next], request[..^AuthenticatorLength], request[^AuthenticatorLength..]);
            next = (next + 1) % keys.Length;
        }
    }

    private void Register(int count)
    {
        var accepted = 0;
        for (var at = 0; at < count; at++)
        {
            agent.Receive(batch.AsSpan(at * stride, stride), envelopes[(first + at) % keys.Length], now);
            while (agent.Outbox.TryTake(out var effect))
            {
                if (effect.Kind == EffectKind.Send && agent.Outbox.MessageOf(effect)[1] == (byte)RegistrationCode.Accepted)
                {
                    accepted++;
                }
            }
        }

        if (accepted != count)
        {
            throw new InvalidOperationException(
                $"{accepted} of {count} registrations were accepted, {agent.Counters.Dropped(DropReason.BadAuthenticator)} had a wrong authenticator.");
        }
    }
}
