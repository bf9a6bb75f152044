using DsmipTools.Engine.ProxyMobileIPv6;
using DsmipTools.Engine.Revocation;
using DsmipTools.Engine.Timing;
using DsmipTools.Hosting;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;

namespace DsmipTools.Tests.Interop;

/// <summary>Our mobile access gateway against a local mobility anchor that others could have written, over real sockets.</summary>
public class AnchorInteropTests
{
    [Fact]
    public async Task A_mobile_node_attaches_and_detaches()
    {
        await using var anchor = await Anchor("127.43.0.10");
        await using var host = new DsmipHost(World.Loopback);
        var gateway = Gateway(host, "127.43.0.11", "127.43.0.10", anchor.Port);

        var attached = await gateway.AttachAsync("mn1@example.com", TestContext.Current.CancellationToken);
        var detached = await gateway.DetachAsync("mn1@example.com", TestContext.Current.CancellationToken);

        Assert.Equal((AttachmentResult.Accepted, BindingStatus.Accepted), (attached.Result, attached.Status));
        Assert.Equal(64, Assert.Single(attached.Prefixes).Length);
        Assert.Equal(AttachmentResult.Accepted, detached.Result);
        Assert.Equal(0, gateway.BindingCount);
        await anchor.Say("list");
        Assert.Empty((await anchor.Next("bindings")).GetProperty("bindings").EnumerateArray());
        Assert.Empty(Remarks(anchor));
    }

    [Theory]
    [InlineData("revoke realm example.com", 0, 2)]
    [InlineData("revoke peer 127.43.1.11", 0, 0)]
    [InlineData("revoke node mn1@example.com 1", 0, 3)]
    [InlineData("revoke node mn1@example.com 4", 132, 4)]
    [InlineData("revoke node mn1@example.com 99", 133, 4)]
    [Trait("Rfc", "5846-9.1-01")]
    [Trait("Rfc", "5846-9.1-02")]
    [Trait("Rfc", "5846-9.1-04")]
    [Trait("Rfc", "5846-6.2.1-02")]
    public async Task Revocations_are_answered_by_the_rules(string command, int status, int left)
    {
        await using var anchor = await Anchor("127.43.1.10");
        await using var host = new DsmipHost(World.Loopback);
        var gateway = Gateway(host, "127.43.1.11", "127.43.1.10", anchor.Port);
        foreach (var identifier in (string[])["mn1@example.com", "mn2@EXAMPLE.com", "mn3@sub.example.com", "mn4@example.org"])
        {
            await gateway.AttachAsync(identifier, TestContext.Current.CancellationToken);
        }

        await anchor.Say(command);
        var outcome = await anchor.Next("outcome");

        Assert.Equal(status, outcome.GetProperty("status").GetInt32());
        Assert.Equal(1, outcome.GetProperty("attempts").GetInt32());
        Assert.Equal(left, gateway.BindingCount);
        Assert.Empty(Remarks(anchor));
    }

    [Fact]
    [Trait("Rfc", "5846-9.1-03")]
    public async Task A_realm_that_nobody_belongs_to_is_answered_with_identity_required()
    {
        await using var anchor = await Anchor("127.43.2.10");
        await using var host = new DsmipHost(World.Loopback);
        var gateway = Gateway(host, "127.43.2.11", "127.43.2.10", anchor.Port);
        await gateway.AttachAsync("mn1@example.com", TestContext.Current.CancellationToken);

        // BRI, trigger 129, sequence number 7, P and G, MN-ID "@example.net", checksum zero.
        await anchor.Say("raw 3b031000000001810007a000080d01406578616d706c652e6e65740103000000 127.43.2.11:15436");
        var answer = await anchor.Next("received", said => said.GetProperty("message").GetProperty("message").GetString() == "bindingRevocationAcknowledgement");

        Assert.Equal(131, answer.GetProperty("message").GetProperty("fields").GetProperty("status").GetInt32());
        Assert.Equal(1, gateway.BindingCount);
    }

    [Fact]
    [Trait("Rfc", "5846-9.1-05")]
    public async Task An_IPv4_home_address_is_assigned_and_revoked_alone()
    {
        await using var anchor = await Anchor("127.43.3.10", "--ipv4-pool", "192.0.2.0/24");
        await using var host = new DsmipHost(World.Loopback);
        var gateway = Gateway(host, "127.43.3.11", "127.43.3.10", anchor.Port);
        var attached = await gateway.AttachAsync(
            new AttachmentRequest { Identifier = "mn1@example.com", IPv4HomeAddress = Address.AnyIPv4 }, TestContext.Current.CancellationToken);
        Assert.Equal(((Address?)"192.0.2.1", 24), (attached.IPv4HomeAddress, attached.IPv4PrefixLength));

        await anchor.Say("revoke ipv4 mn1@example.com");
        var outcome = await anchor.Next("outcome");

        Assert.Equal(0, outcome.GetProperty("status").GetInt32());
        Assert.Null(gateway.Find("mn1@example.com")?.IPv4HomeAddress);
        Assert.Equal(attached.Prefixes, gateway.Find("mn1@example.com")?.Prefixes);
        Assert.Empty(Remarks(anchor));
    }

    [Theory]
    [InlineData("mag1@operator.example", RevocationStatus.Success, 0)]
    [InlineData("other@operator.example", RevocationStatus.GlobalRevocationNotAuthorized, 2)]
    [Trait("Rfc", "5846-9.2-01")]
    [Trait("Rfc", "5846-9.2-03")]
    public async Task All_bindings_of_the_gateway_are_revoked_where_the_anchor_authorises_it(string authorised, RevocationStatus status, int left)
    {
        await using var anchor = await Anchor("127.43.4.10", "--authorise", authorised);
        await using var host = new DsmipHost(World.Loopback);
        var gateway = Gateway(host, "127.43.4.11", "127.43.4.10", anchor.Port, "mag1@operator.example");
        await gateway.AttachAsync("mn1@example.com", TestContext.Current.CancellationToken);
        await gateway.AttachAsync("mn2@example.org", TestContext.Current.CancellationToken);

        var outcomes = new List<RevocationOutcome>();
        await foreach (var outcome in gateway.RevokeAsync(Revocation.Gateway(), TestContext.Current.CancellationToken))
        {
            outcomes.Add(outcome);
        }

        Assert.Equal((status, 2 - left), (Assert.Single(outcomes).Status, outcomes[0].BindingsRevoked));
        Assert.Equal(left, gateway.BindingCount);
        await anchor.Say("list");
        Assert.Equal(left, (await anchor.Next("bindings")).GetProperty("bindings").GetArrayLength());
        Assert.Equal(
            left > 0, host.Events.Last(int.MaxValue).Any(happened => happened.Kind == Engine.Diagnostics.EventKind.GlobalRevocationRefused));
        Assert.Empty(Remarks(anchor));
    }

    // Neither side is in a hurry: a process that has to wait for its turn on a busy machine is no wrong clock and no lost message.
    private static Task<PythonPeer> Anchor(string address, params string[] arguments) => PythonPeer.Start(
        "local_mobility_anchor.py",
        ["--listen", $"{address}:0", "--timestamp-window", "60", "--bri-delay", "60", "--bri-timeout", "60", .. arguments]);

    private static HostedMobileAccessGateway Gateway(DsmipHost host, string address, string anchor, ushort port, string? identity = null) => host.Add(new MobileAccessGatewayOptions
    {
        Identity = identity,
        Name = "mag",
        Address = address,
        Port = 15436,
        LocalMobilityAnchor = anchor,
        LocalMobilityAnchorPort = port,
        Retransmission = new RetransmissionPolicy(TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(60), 0),
    });

    private static IEnumerable<string?> Remarks(PythonPeer peer) => peer.Seen
        .Where(happened => happened.GetProperty("event").GetString() == "received")
        .SelectMany(happened => happened.GetProperty("remarks").EnumerateArray().Select(remark => remark.GetString()));
}
