using DsmipTools.Engine;
using DsmipTools.Engine.Security;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.MobileIPv4.Extensions;
using DsmipTools.Wire.Security;

namespace DsmipTools.Engine.Tests.MobileIPv4;

/// <summary>Registration requests made by hand, right or wrong.</summary>
internal static class Requests
{
    public static readonly Address Home = "10.1.1.7";
    public static readonly Address CareOf = "198.51.100.7";
    public static readonly Endpoint Node = new("198.51.100.7", 40000);

    public static readonly Endpoint Agent = new("203.0.113.5", 434);
    public static readonly byte[] AgentKey = [5, 5, 5, 5];

    /// <summary>A request that a foreign agent relays.</summary>
    public static RegistrationRequest MakeRelayed(Network network, params Extension[] extensions) =>
        Make(network, extensions) with { DecapsulationByMobileNode = false, CareOfAddress = Agent.Address };

    /// <summary>A request that the default home agent accepts.</summary>
    public static RegistrationRequest Make(Network network, params Extension[] extensions) => new()
    {
        DecapsulationByMobileNode = true,
        Lifetime = 600,
        HomeAddress = Home,
        HomeAgent = network.HomeAgent.Options.Address,
        CareOfAddress = CareOf,
        Identification = NtpTimestamp.From(network.Now(network.HomeAgent).WallClock),
        Extensions = ValueList.From(extensions),
    };

    public static Extension Prefix(Prefix prefix) => new IPv6PrefixRequestExtension { Prefix = prefix };

    public static byte[] Sign(RegistrationRequest request, uint index = 256, byte[]? key = null)
    {
        using var authenticator = new MessageAuthenticator(AuthenticationAlgorithm.HmacMd5, key ?? Network.KeyOf(request.HomeAddress));
        return RegistrationAuthentication.Sign(request, index, authenticator).ToOctets().ToArray();
    }

    public static byte[] Sign(RegistrationReply reply, uint index = 256, byte[]? key = null)
    {
        using var authenticator = new MessageAuthenticator(AuthenticationAlgorithm.HmacMd5, key ?? Network.KeyOf(reply.HomeAddress));
        return RegistrationAuthentication.Sign(reply, index, authenticator).ToOctets().ToArray();
    }

    /// <summary>A message with a Foreign-Home Authentication extension at its end.</summary>
    public static byte[] SignAsAgent(ReadOnlySpan<byte> message, byte[]? key = null, uint index = 300)
    {
        using var authenticator = new MessageAuthenticator(AuthenticationAlgorithm.HmacMd5, key ?? AgentKey);
        var buffer = new byte[message.Length + RegistrationAuthentication.GetLength(authenticator, ExtensionType.ForeignHomeAuthentication)];
        message.CopyTo(buffer);
        RegistrationAuthentication.Append(buffer, message.Length, index, authenticator, ExtensionType.ForeignHomeAuthentication);
        return buffer;
    }

    /// <summary>Octets of extensions that a foreign agent appends.</summary>
    public static byte[] Append(byte[] message, params Extension[] extensions) => [.. message, .. extensions.SelectMany(extension => extension.ToOctets().ToArray())];

    /// <summary>Sends octets as they are and returns the one answer.</summary>
    public static Datagram Send(this Network network, byte[] octets, Endpoint? source = null)
    {
        network.Associate(Home);
        return Assert.Single(network.Inject(network.HomeAgent, octets, source ?? Node));
    }

    /// <summary>Sends a request and returns the one reply.</summary>
    public static RegistrationReply Ask(this Network network, RegistrationRequest request)
    {
        network.Associate(request.HomeAddress);
        return Assert.Single(network.Inject(network.HomeAgent, Sign(request), Node)).Reply;
    }

    /// <summary>The prefix replies of a reply.</summary>
    public static IEnumerable<(Prefix Prefix, PrefixReplyCode Code)> PrefixReplies(this RegistrationReply reply) =>
        reply.Extensions.OfType<IPv6PrefixReplyExtension>().Select(extension => (extension.Prefix, extension.Code));

    /// <summary>True when the reply ends with one right Mobile-Home Authentication extension.</summary>
    public static bool IsAuthentic(this RegistrationReply reply)
    {
        var last = Assert.IsType<MobileHomeAuthenticationExtension>(reply.Extensions[reply.Extensions.Count - 1]);
        var octets = reply.ToOctets().ToArray();
        using var authenticator = new MessageAuthenticator(AuthenticationAlgorithm.HmacMd5, Network.KeyOf(reply.HomeAddress));
        return reply.Extensions.OfType<MobileHomeAuthenticationExtension>().Count() == 1
            && authenticator.Verify(octets.AsSpan(0, octets.Length - last.Authenticator.Length), last.Authenticator.Span);
    }
}
