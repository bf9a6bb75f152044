using DsmipTools.Engine;
using DsmipTools.Engine.Diagnostics;
using DsmipTools.Engine.MobileIPv4;
using DsmipTools.Engine.Security;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.MobileIPv4.Extensions;
using DsmipTools.Wire.Security;

namespace DsmipTools.Engine.Tests.MobileIPv4;

/// <summary>A foreign agent alone: a mobile node on its link and a home agent beyond it are played by the test.</summary>
internal sealed class ForeignSite : IDisposable
{
    public const uint Link = 3;

    public static readonly Address CareOf = "198.51.1.1";
    public static readonly Address HomeAgent = "192.0.2.1";
    public static readonly Address Home = "10.1.1.7";

    private TimeSpan elapsed;
    private ulong identification = 0xE0000000_00000000;

    public ForeignSite(Func<ForeignAgentOptions, ForeignAgentOptions>? configure = null)
    {
        var options = new ForeignAgentOptions { Name = "fa1", Address = CareOf };
        Agent = new ForeignAgent(configure?.Invoke(options) ?? options, Associations, new SeededRandom(1));
        Agent.Start(Now);
        Agent.LinkUp(Link, Now);
        Drain();
    }

    public SecurityAssociations Associations { get; } = new();

    public SecurityAssociation MobileHome { get; } = new(256, Home, "mobile node to home agent"u8);

    public ForeignAgent Agent { get; }

    public Func<Effect, string?> Failure { get; set; } = _ => null;

    public List<Effect> Effects { get; } = [];

    public List<AgentEvent> Events { get; } = [];

    /// <summary>What went to home agents.</summary>
    public List<(Envelope Envelope, byte[] Octets)> Relayed { get; } = [];

    /// <summary>What went to mobile nodes, with its envelope and TTL.</summary>
    public List<(Envelope Envelope, byte[] Octets)> Answered { get; } = [];

    /// <summary>Other packets on links.</summary>
    public List<(uint Link, byte[] Packet)> OnLinks { get; } = [];

    public Instant Now => new(elapsed, Network.Epoch + elapsed);

    public RegistrationReply LastReply => Reply(Answered[^1].Octets);

    public RegistrationRequest LastRelayed => Request(Relayed[^1].Octets);

    public static RegistrationRequest Request(byte[] octets) =>
        MobileIPv4Message.TryParse(octets, out var message, out var error) ? (RegistrationRequest)message! : throw new InvalidOperationException(error.ToString());

    public static RegistrationReply Reply(byte[] octets) =>
        MobileIPv4Message.TryParse(octets, out var message, out var error) ? (RegistrationReply)message! : throw new InvalidOperationException(error.ToString());

    /// <summary>A request as the mobile node makes it, proved to the home agent.</summary>
    public RegistrationRequest Ask(Func<RegistrationRequest, RegistrationRequest>? change = null, params Extension[] behind)
    {
        var request = new RegistrationRequest
        {
            HomeAddress = Home,
            HomeAgent = HomeAgent,
            CareOfAddress = CareOf,
            Lifetime = 300,
            Identification = ++identification,
        };
        request = change?.Invoke(request) ?? request;
        using var authenticator = MobileHome.CreateAuthenticator();
        request = RegistrationAuthentication.Sign(request, 256, authenticator);
        return request with { Extensions = [.. request.Extensions, .. behind] };
    }

    public static RegistrationRequest Sign(RegistrationRequest request, SecurityAssociation association, ExtensionType type)
    {
        using var authenticator = association.CreateAuthenticator();
        return RegistrationAuthentication.Sign(request, association.SecurityParameterIndex, authenticator, type);
    }

    public static RegistrationReply Sign(RegistrationReply reply, SecurityAssociation association, ExtensionType type)
    {
        using var authenticator = association.CreateAuthenticator();
        return RegistrationAuthentication.Sign(reply, association.SecurityParameterIndex, authenticator, type);
    }

    /// <summary>The home agent's answer to a request.</summary>
    public RegistrationReply AnswerTo(RegistrationRequest request, RegistrationCode code = RegistrationCode.Accepted, Func<RegistrationReply, RegistrationReply>? change = null)
    {
        var reply = new RegistrationReply
        {
            Code = code, Lifetime = request.Lifetime, HomeAddress = request.HomeAddress, HomeAgent = HomeAgent, Identification = request.Identification,
        };
        return Sign(change?.Invoke(reply) ?? reply, MobileHome, ExtensionType.MobileHomeAuthentication);
    }

    /// <summary>A mobile node sends on the link.</summary>
    public void SendOnLink(RegistrationRequest request, byte timeToLive = 255, Address? source = null, Address? destination = null)
    {
        Agent.ReceiveOnLink(
            Link,
            PacketComposer.Compose(
                new IPv4Header { Source = source ?? request.HomeAddress, Destination = destination ?? CareOf, TimeToLive = timeToLive },
                new UdpHeader { SourcePort = 40000, DestinationPort = 434 },
                request).Span,
            Now);
        Drain();
    }

    /// <summary>A mobile node sends over UDP, from anywhere.</summary>
    public void Send(RegistrationRequest request)
    {
        Agent.Receive(Octets(request), new Envelope(Transport.MobileIPv4Udp, new Endpoint("127.0.0.7", 40000), Agent.LocalEndpoint), Now);
        Drain();
    }

    public void SendReply(RegistrationReply reply, Address? source = null) => SendReply(Octets(reply), source);

    public void SendReply(byte[] octets, Address? source = null)
    {
        Agent.Receive(octets, new Envelope(Transport.MobileIPv4Udp, new Endpoint(source ?? HomeAgent, 434), Agent.LocalEndpoint), Now);
        Drain();
    }

    /// <summary>A registration that the home agent accepts.</summary>
    public RegistrationRequest Register(Func<RegistrationRequest, RegistrationRequest>? change = null, params Extension[] behind)
    {
        var request = Ask(change, behind);
        SendOnLink(request);
        SendReply(AnswerTo(request));
        return request;
    }

    public void Receive(uint link, Octets packet)
    {
        Agent.ReceiveOnLink(link, packet.Span, Now);
        Drain();
    }

    public void Do(Action<ForeignAgent, Instant> what)
    {
        what(Agent, Now);
        Drain();
    }

    public void Run(double seconds)
    {
        var end = elapsed + TimeSpan.FromSeconds(seconds);
        while (Agent.NextDeadline is { } due && due <= end)
        {
            elapsed = due > elapsed ? due : elapsed;
            Agent.Expire(Now);
            Drain();
        }

        elapsed = end;
    }

    public void Dispose() => Agent.Dispose();

    private static byte[] Octets(MobileIPv4ControlMessage message)
    {
        var octets = new byte[message.GetLength()];
        message.Write(octets);
        return octets;
    }

    private void Drain()
    {
        while (Agent.Outbox.TryTake(out var effect))
        {
            Effects.Add(effect);
            switch (effect.Kind)
            {
                case EffectKind.Event:
                    Events.Add(effect.Event);
                    break;
                case EffectKind.Send:
                    (effect.Envelope.Destination.Address == HomeAgent ? Relayed : Answered).Add((effect.Envelope, Agent.Outbox.MessageOf(effect).ToArray()));
                    break;
                case EffectKind.SendOnLink when PacketFrame.TryRead(Agent.Outbox.MessageOf(effect), Transport.MobileIPv4Udp, out var envelope, out var message, out _):
                    Answered.Add((envelope, message.ToArray()));
                    break;
                case EffectKind.SendOnLink:
                    OnLinks.Add((effect.Link, Agent.Outbox.MessageOf(effect).ToArray()));
                    break;
                default:
                    if (Failure(effect) is { } why)
                    {
                        Agent.Fail(effect.Number, why, Now);
                    }

                    break;
            }
        }
    }
}
