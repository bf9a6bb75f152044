using DsmipTools.Engine.Diagnostics;
using DsmipTools.Engine.ProxyMobileIPv6;
using DsmipTools.Engine.Revocation;
using DsmipTools.Hosting;
using DsmipTools.Labs;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.MobilityHeader.Options;
using DsmipTools.Worlds;

namespace DsmipTools.Tests.Labs;

/// <summary>What a lab shows of its messages, and what it lets become of the next of them.</summary>
public sealed class LabTests : IAsyncDisposable
{
    private const string Node = "mn1@example.com";

    private readonly Lab lab = new("test");
    private readonly HostedLocalMobilityAnchor anchor;
    private readonly HostedMobileAccessGateway gateway;

    public LabTests()
    {
        anchor = lab.Host.Add(new LocalMobilityAnchorOptions { Name = "lma1", Address = "127.0.1.10", PrefixPool = "2001:db8:100::/40" });
        gateway = lab.Host.Add(new MobileAccessGatewayOptions { Name = "mag1", Address = "127.0.1.11", LocalMobilityAnchor = "127.0.1.10" });
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => lab.DisposeAsync();

    [Fact]
    public async Task Messages_say_who_sent_what_to_whom_and_when()
    {
        await gateway.AttachAsync(Node, Cancel);
        await Revoke();
        Assert.Equal(
            [MessageKind.ProxyBindingUpdate, MessageKind.ProxyBindingAcknowledgement, MessageKind.BindingRevocationIndication, MessageKind.BindingRevocationAcknowledgement],
            lab.Sent().Select(message => message.Kind));
        Assert.Equal([0, 5, 10, 15], lab.Sent().Select(message => message.At.TotalMilliseconds));

        var update = Assert.Single(lab.Sent(MessageKind.ProxyBindingUpdate));
        Assert.Equal(("mag1", "lma1", TimeSpan.FromHours(1), HandoffIndicator.NewInterface), (update.From, update.To, update.Lifetime, update.HandoffIndicator));
        Assert.Equal(["::/0"], update.Prefixes.Select(prefix => $"{prefix}"));

        var (indication, answer) = (lab.Revocations[0], lab.Revocations[1]);
        Assert.Equal(("lma1", "mag1", "P", RevocationTrigger.AdministrativeReason), (indication.From, indication.To, indication.Flags, indication.Trigger));
        Assert.Equal([Node], indication.Identifiers);
        Assert.Equal([(Prefix)"2001:db8:100::/64"], indication.Prefixes);
        Assert.Equal([MobilityOptionType.MobileNodeIdentifier, MobilityOptionType.HomeNetworkPrefix], indication.Options);
        Assert.Equal((indication.SequenceNumber, RevocationStatus.Success), (answer.SequenceNumber, answer.Status));
        Assert.Equal("lma1 > mag1 BindingRevocationIndication AdministrativeReason P", $"{indication}");
    }

    [Fact]
    public async Task The_next_packets_with_a_message_are_lost()
    {
        lab.Lose(MessageKind.ProxyBindingUpdate, 2, "mag1");
        var outcome = await gateway.AttachAsync(Node, Cancel);
        Assert.Equal((AttachmentResult.Accepted, 3), (outcome.Result, outcome.Attempts));
        Assert.Equal(2, lab.Host.Simulation!.Traffic.Lost);
        Assert.Equal(3, lab.Sent(MessageKind.ProxyBindingUpdate).Length);
    }

    [Fact]
    public async Task The_next_packet_with_a_message_is_overtaken()
    {
        lab.Delay(MessageKind.ProxyBindingAcknowledgement, TimeSpan.FromMilliseconds(100));
        var outcome = await gateway.AttachAsync(Node, Cancel);
        Assert.Equal(TimeSpan.FromMilliseconds(110), outcome.RoundTripTime);
        Assert.Equal(1, lab.Host.Simulation!.Traffic.Reordered);
        Assert.Equal(TimeSpan.FromMilliseconds(10), (await gateway.AttachAsync("mn2@example.com", Cancel)).RoundTripTime);
    }

    [Fact]
    public async Task Those_of_another_agent_pass()
    {
        lab.Lose(MessageKind.ProxyBindingUpdate, 1, "lma1");
        Assert.Equal(1, (await gateway.AttachAsync(Node, Cancel)).Attempts);
        Assert.Throws<ArgumentException>(() => lab.Lose(MessageKind.ProxyBindingUpdate, 1, "nobody"));
        Assert.Throws<ArgumentOutOfRangeException>(() => lab.Lose(MessageKind.ProxyBindingUpdate, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => lab.Delay(MessageKind.ProxyBindingUpdate, TimeSpan.FromSeconds(-1)));
    }

    [Fact]
    public async Task A_fault_leaves_the_luck_of_other_packets_as_it_was()
    {
        async Task<int[]> Attempts(bool lose)
        {
            await using var other = new Lab("other", seed: 3) { Link = new Link { Loss = 0.4 } };
            other.Host.Add(anchor.Options);
            var mag = other.Host.Add(gateway.Options);
            var attempts = new List<int>();
            for (var number = 0; number < 12; number++)
            {
                attempts.Add((await mag.AttachAsync($"n{number}@example.com", Cancel)).Attempts);
            }

            // The last of all of them.
            Array.ForEach(lose ? new[] { MessageKind.ProxyBindingUpdate } : [], kind => other.Lose(kind));
            attempts.Add((await mag.AttachAsync("last@example.com", Cancel)).Attempts);
            return [.. attempts];
        }

        var (without, with) = (await Attempts(false), await Attempts(true));
        Assert.Equal(without[..^1], with[..^1]);
        Assert.InRange(with[^1], without[^1], without[^1] + 3);
    }

    [Fact]
    public async Task Commands_begin_without_a_wait()
    {
        await gateway.AttachAsync(Node, Cancel);
        var begun = lab.Elapsed;
        anchor.BeginRevoke(Revocation.MobileNode(Node));
        Assert.Equal(begun, lab.Elapsed);
        Assert.Equal(1, lab.Host.Bindings().Count(binding => binding.State == Engine.Bindings.BindingState.RevocationInProgress));
        await lab.WaitAsync(TimeSpan.FromSeconds(1), Cancel);
        Assert.Empty(lab.Host.Bindings());

        await gateway.AttachAsync(Node, Cancel);
        gateway.BeginDetach(Node);
        await lab.WaitAsync(TimeSpan.FromMilliseconds(5), Cancel);
        Assert.Equal(TimeSpan.Zero, lab.Sent(MessageKind.ProxyBindingUpdate)[^1].Lifetime);
        Assert.Throws<InvalidOperationException>(() => gateway.BeginDetach("nobody@example.com"));
        Assert.Throws<ArgumentException>(() => gateway.BeginRevoke(Revocation.MobileNode(Node)));
    }

    [Fact]
    public async Task Real_links_have_no_such_faults()
    {
        await using var real = new Lab("real", World.Loopback);
        Assert.Throws<NotSupportedException>(() => real.Lose(MessageKind.ProxyBindingUpdate));
        Assert.Throws<NotSupportedException>(() => real.Delay(MessageKind.ProxyBindingUpdate, TimeSpan.Zero));
        Assert.Empty(real.Sent());
    }

    private async Task Revoke()
    {
        await foreach (var outcome in anchor.RevokeAsync(Revocation.MobileNode(Node), Cancel))
        {
            Assert.Equal(RevocationResult.Acknowledged, outcome.Result);
        }
    }
}
