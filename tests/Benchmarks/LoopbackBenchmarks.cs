using System.Net;
using System.Net.Sockets;
using DsmipTools.Engine;
using DsmipTools.Engine.MobileIPv4;
using DsmipTools.Engine.Security;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.Security;
using DsmipTools.Worlds;

namespace DsmipTools.Benchmarks;

/// <summary>Registrations over real UDP, one after the other: the client waits for each reply. A bare echo of the same sizes is the measure.</summary>
internal static class LoopbackBenchmarks
{
    private const int Operations = 200;
    private const double Target = 0.6;

    private static readonly Address homeAgent = "127.0.0.2";
    private static readonly Address careOfAddress = "127.0.0.3";

    public static IEnumerable<Benchmark> All => [new("registration over UDP on loopback", Register)];

    private static IEnumerable<Row> Register()
    {
        var key = Messages.Utf8("1234567812345678");
        var home = (Address)"10.1.0.1";
        var associations = new SecurityAssociations();
        associations.Add(new SecurityAssociation(Messages.Spi, home, key));
        using var agent = new HomeAgent(
            new HomeAgentOptions
            {
                Name = "ha",
                Address = homeAgent,
                Port = FreePort(),
                HomeNetwork = "10.0.0.0/8",
                PrefixPolicy = new ConfiguredPrefixes(["2001:db8:7::/48"]),
            },
            associations,
            new CryptographicRandom());
        var world = new SocketWorld();
        try
        {
            world.Add(agent);
            using var authenticator = new MessageAuthenticator(AuthenticationAlgorithm.HmacMd5, key);
            var unsigned = Messages.Request(homeAgent, home, careOfAddress, "2001:db8:7:1::/64", Messages.Node(1, 0)).ToOctets().ToArray();
            var requests = new Requests(unsigned, authenticator);
            using var registering = new Client(agent.LocalEndpoint);
            requests.Prepare(1);
            var replyLength = registering.Exchange(requests[0]).Length;
            using var echo = new Echo(replyLength);
            using var echoing = new Client(echo.Local);
            var comparison = Comparison.Measure(
                new Contender(
                    count =>
                    {
                        for (var at = 0; at < count; at++)
                        {
                            if (registering.Exchange(requests[at])[1] != (byte)RegistrationCode.Accepted)
                            {
                                throw new InvalidOperationException("A registration was refused.");
                            }
                        }
                    },
                    requests.Prepare),
                new Contender(
                    count =>
                    {
                        for (var at = 0; at < count; at++)
                        {
                            if (echoing.Exchange(requests[at]).Length != replyLength)
                            {
                                throw new InvalidOperationException("The echo is of another length.");
                            }
                        }
                    },
                    requests.Prepare),
                Operations,
                Clock.Wall);
            yield return Row.Of("registration over UDP on loopback, ping-pong", "bare synchronous echo, same sizes", comparison) with
            {
                Target = $"ratio {Row.Times(Target)}",
                IsMet = comparison.Ratio >= Target,
            };
        }
        finally
        {
            world.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    private static ushort FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(homeAgent.ToIPAddress(), 0));
        return (ushort)((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    /// <summary>Requests that are signed before the clock runs, each with a later Identification than all before.</summary>
    private sealed class Requests(byte[] unsigned, MessageAuthenticator authenticator)
    {
        private readonly byte[] batch = new byte[Operations * Messages.Room];
        private ulong identification;
        private int length;

        public ReadOnlySpan<byte> this[int at] => batch.AsSpan(at * Messages.Room, length);

        public void Prepare(int count)
        {
            // The home agent checks it against the time of day; a second holds 2^32 of them.
            identification = Math.Max(identification, NtpTimestamp.From(DateTimeOffset.UtcNow));
            for (var at = 0; at < count; at++)
            {
                length = Messages.Sign(batch.AsSpan(at * Messages.Room), unsigned, ++identification, authenticator);
            }
        }
    }

    /// <summary>Sends one datagram and waits for the answer.</summary>
    private sealed class Client : IDisposable
    {
        private readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 5000 };
        private readonly byte[] buffer = new byte[2048];

        public Client(Endpoint server)
        {
            socket.Bind(new IPEndPoint(careOfAddress.ToIPAddress(), 0));
            socket.Connect(new IPEndPoint(server.Address.ToIPAddress(), server.Port));
        }

        public ReadOnlySpan<byte> Exchange(ReadOnlySpan<byte> request)
        {
            socket.Send(request);
            return buffer.AsSpan(0, socket.Receive(buffer));
        }

        public void Dispose() => socket.Dispose();
    }

    /// <summary>A thread that blocks on its socket and answers each datagram with its first octets: as little as a server can do.</summary>
    private sealed class Echo : IDisposable
    {
        private readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        private readonly Thread thread;

        public Echo(int replyLength)
        {
            socket.Bind(new IPEndPoint(homeAgent.ToIPAddress(), 0));
            thread = new Thread(() =>
            {
                var buffer = new byte[2048];
                var sender = new SocketAddress(AddressFamily.InterNetwork);
                while (socket.ReceiveFrom(buffer, SocketFlags.None, sender) > 0)
                {
                    socket.SendTo(buffer.AsSpan(0, replyLength), SocketFlags.None, sender);
                }
            });
            thread.Start();
        }

        public Endpoint Local => new(homeAgent, (ushort)((IPEndPoint)socket.LocalEndPoint!).Port);

        public void Dispose()
        {
            using var end = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            end.SendTo(ReadOnlySpan<byte>.Empty, SocketFlags.None, socket.LocalEndPoint!);
            thread.Join();
            socket.Dispose();
        }
    }
}
