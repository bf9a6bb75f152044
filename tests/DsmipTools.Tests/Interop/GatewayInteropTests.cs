using DsmipTools.Engine.Bindings;
using DsmipTools.Engine.Diagnostics;
using DsmipTools.Engine.ProxyMobileIPv6;
using DsmipTools.Engine.Revocation;
using DsmipTools.Hosting;
using DsmipTools.Wire.MobilityHeader;

namespace DsmipTools.Tests.Interop;

/// <summary>Our local mobility anchor against a mobile access gateway that others could have written, over real sockets.</summary>
public class GatewayInteropTests
{
    private const ushort Port = 15436;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>For a test that is about an answer: one that a busy machine gives late is an answer all the same.</summary>
    private static readonly RevocationVariables Patient = new() { InitialDelay = Limit, MaximumDelay = Limit };

    [Fact]
    [Trait("Rfc", "5846-4-01")]
    [Trait("Rfc", "5846-4-02")]
    [Trait("Rfc", "5846-4-03")]
    [Trait("Rfc", "5846-8.1-05")]
    public async Task A_realm_is_revoked_and_its_sub_realm_stays()
    {
        await using var host = new DsmipHost(World.Loopback);
        var anchor = Anchor(host, "127.42.0.10", Patient);
        await using var gateway = await Gateway("127.42.0.10", "127.42.0.11", "mn{1..20}@example.com", "--attach", "mn1@sub.example.com");
        await Attached(anchor, 21);

        var outcome = Assert.Single(await Revoke(anchor, Revocation.Realm("example.com")));

        Assert.Equal((RevocationResult.Acknowledged, RevocationStatus.Success, 20, 1), (outcome.Result, outcome.Status, outcome.BindingsRevoked, outcome.Attempts));
        Assert.Equal("mn1@sub.example.com", Assert.Single(anchor.Bindings()).Identifier);
        var verdict = await gateway.Next("verdict", said => said.GetProperty("of").GetString() == "bindingRevocationIndication");
        Assert.Equal(20, verdict.GetProperty("released").GetArrayLength());
        Assert.Empty(Remarks(gateway));
    }

    [Fact]
    [Trait("Rfc", "5846-6.3-01")]
    [Trait("Rfc", "5846-11-01")]
    public async Task A_dropped_indication_is_sent_again_unchanged_no_sooner_than_after_the_initial_delay()
    {
        await using var host = new DsmipHost(World.Loopback);
        var anchor = Anchor(host, "127.42.1.10");
        await using var gateway = await Gateway("127.42.1.10", "127.42.1.11", "mn1@example.com", "--drop-first-bri", "1");
        await Attached(anchor, 1);

        var outcome = Assert.Single(await Revoke(anchor, Revocation.MobileNode("mn1@example.com")));

        Assert.Equal((RevocationResult.Acknowledged, 2), (outcome.Result, outcome.Attempts));
        var second = await gateway.Next("indication", said => said.GetProperty("attempt").GetInt32() == 2);
        Assert.Equal(outcome.SequenceNumber, second.GetProperty("sequenceNumber").GetUInt16());

        // The delay by the clock of the anchor; by that of the peer, which may have been kept from its turn, no less than the RFC's floor.
        var sent = anchor.Host.Events.Last(int.MaxValue).Single(happened => happened.Kind == EventKind.RevocationSent).At;
        var again = anchor.Host.Events.Last(int.MaxValue).Single(happened => happened.Kind == EventKind.RevocationRetransmitted).At;
        Assert.True(again.Elapsed - sent.Elapsed >= TimeSpan.FromSeconds(1), $"{again.Elapsed - sent.Elapsed}");
        Assert.True(second.GetProperty("sincePrevious").GetDouble() >= 0.5);
    }

    [Theory]
    [InlineData("mn1@example.com", null)]
    [InlineData("mn1@example.com", "prefix")]
    [Trait("Rfc", "5846-8.1-01")]
    [Trait("Rfc", "5846-8.1-02")]
    public async Task A_mobile_node_is_revoked_whole_or_by_prefix(string identifier, string? by)
    {
        await using var host = new DsmipHost(World.Loopback);
        var anchor = Anchor(host, "127.42.2.10", Patient);
        await using var gateway = await Gateway("127.42.2.10", "127.42.2.11", "mn{1..3}@example.com");
        await Attached(anchor, 3);
        var prefix = by is null ? (Wire.Ip.Prefix?)null : anchor.Bindings().Single(binding => binding.Identifier == identifier).Prefixes[0];

        var outcome = Assert.Single(await Revoke(anchor, Revocation.MobileNode(identifier, prefix)));

        Assert.Equal((RevocationResult.Acknowledged, 1), (outcome.Result, outcome.BindingsRevoked));
        Assert.Equal(["mn2@example.com", "mn3@example.com"], anchor.Bindings().Select(binding => binding.Identifier));
        Assert.Empty(Remarks(gateway));
    }

    [Fact]
    [Trait("Rfc", "5846-8.1-03")]
    public async Task All_bindings_of_a_peer_are_revoked()
    {
        await using var host = new DsmipHost(World.Loopback);
        var anchor = Anchor(host, "127.42.3.10", Patient);
        await using var one = await Gateway("127.42.3.10", "127.42.3.11", "mn{1..5}@example.com");
        await using var other = await Gateway("127.42.3.10", "127.42.3.12", "mn{6..9}@example.com");
        await Attached(anchor, 9);

        var outcome = Assert.Single(await Revoke(anchor, Revocation.Peer("127.42.3.11")));

        Assert.Equal((RevocationResult.Acknowledged, 5), (outcome.Result, outcome.BindingsRevoked));
        Assert.Equal(4, anchor.BindingCount);
        Assert.Empty(Remarks(one));
    }

    [Fact]
    [Trait("Rfc", "5846-6.2.2-01")]
    [Trait("Rfc", "5846-6.3-03")]
    public async Task An_acknowledgement_with_another_number_is_dropped_and_the_bindings_are_cleaned_up_in_the_end()
    {
        await using var host = new DsmipHost(World.Loopback);
        var anchor = Anchor(host, "127.42.4.10");
        await using var gateway = await Gateway("127.42.4.10", "127.42.4.11", "mn1@example.com", "--wrong-sequence");
        await Attached(anchor, 1);

        var outcome = Assert.Single(await Revoke(anchor, Revocation.MobileNode("mn1@example.com")));

        Assert.Equal((RevocationResult.TimedOut, 2, 1), (outcome.Result, outcome.Attempts, outcome.BindingsRevoked));
        await Until(anchor, () => Drops(anchor, DropReason.NoMatchingRequest) == 2);
    }

    [Fact]
    [Trait("Rfc", "5846-13-02")]
    public async Task An_acknowledgement_from_somebody_else_is_dropped()
    {
        await using var host = new DsmipHost(World.Loopback);
        var anchor = Anchor(host, "127.42.5.10", Patient);
        await using var gateway = await Gateway("127.42.5.10", "127.42.5.11", "mn1@example.com", "--bra-from", "127.42.5.66");
        await Attached(anchor, 1);

        var revoking = Revoke(anchor, Revocation.MobileNode("mn1@example.com"));
        await Until(anchor, () => Drops(anchor, DropReason.ForeignAcknowledgement) == 1);

        Assert.False(revoking.IsCompleted);
        Assert.Equal(BindingState.RevocationInProgress, Assert.Single(anchor.Bindings()).State);
        anchor.Stop();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => revoking);
    }

    [Theory]
    [InlineData(1, RevocationResult.Acknowledged, 0)]
    [InlineData(128, RevocationResult.AlreadyGone, 0)]
    [InlineData(132, RevocationResult.Rejected, 1)]
    [Trait("Rfc", "5846-6.2.2-02")]
    [Trait("Rfc", "5846-6.2.2-03")]
    public async Task Each_status_has_its_end(int status, RevocationResult result, int kept)
    {
        await using var host = new DsmipHost(World.Loopback);
        var anchor = Anchor(host, "127.42.6.10", Patient);
        await using var gateway = await Gateway("127.42.6.10", "127.42.6.11", "mn1@example.com", "--status", $"{status}");
        await Attached(anchor, 1);

        var outcome = Assert.Single(await Revoke(anchor, Revocation.MobileNode("mn1@example.com")));

        Assert.Equal((result, (RevocationStatus)status, kept), (outcome.Result, outcome.Status, outcome.BindingsKept));
        Assert.Equal(kept, anchor.BindingCount);
    }

    [Fact]
    [Trait("Rfc", "5846-8.1-11")]
    public async Task An_IPv4_home_address_is_revoked_alone()
    {
        await using var host = new DsmipHost(World.Loopback);
        var anchor = Anchor(host, "127.42.7.10", Patient);
        await using var gateway = await Gateway("127.42.7.10", "127.42.7.11", "mn1@example.com", "--ipv4");
        await Attached(anchor, 1);
        Assert.Equal("192.0.2.2", Assert.IsType<ProxyBindingSnapshot>(Assert.Single(anchor.Bindings())).IPv4HomeAddress);

        var outcome = Assert.Single(await Revoke(anchor, Revocation.IPv4("mn1@example.com")));

        Assert.Equal((RevocationResult.Acknowledged, RevocationStatus.Success), (outcome.Result, outcome.Status));
        var binding = Assert.IsType<ProxyBindingSnapshot>(Assert.Single(anchor.Bindings()));
        Assert.Equal((null, 1), (binding.IPv4HomeAddress, binding.Prefixes.Count));
        await gateway.Say("list");
        var held = (await gateway.Next("bindings")).GetProperty("bindings")[0];
        Assert.Equal((System.Text.Json.JsonValueKind.Null, 1), (held.GetProperty("ipv4HomeAddress").ValueKind, held.GetProperty("prefixes").GetArrayLength()));
        Assert.Empty(Remarks(gateway));
    }

    [Theory]
    [InlineData("mag1@operator.example", 0, 1)]
    [InlineData("other@operator.example", 130, 4)]
    [Trait("Rfc", "5846-8.2-02")]
    [Trait("Rfc", "5846-8.2-03")]
    [Trait("Rfc", "5846-8.2-04")]
    public async Task A_gateway_revokes_all_of_its_own_where_it_is_authorised(string identity, int status, int left)
    {
        await using var host = new DsmipHost(World.Loopback);
        var anchor = Anchor(host, "127.42.8.10", Patient);
        await using var gateway = await Gateway("127.42.8.10", "127.42.8.11", "mn{1..3}@example.com", "--identity", identity);
        await using var other = await Gateway("127.42.8.10", "127.42.8.12", "mn4@example.com");
        await Attached(anchor, 4);

        await gateway.Say("revoke peer");
        var verdict = await gateway.Next("verdict", said => said.GetProperty("of").GetString() == "bindingRevocationAcknowledgement");

        Assert.Equal(status, verdict.GetProperty("status").GetInt32());
        Assert.Equal(left, anchor.BindingCount);
        Assert.Empty(Remarks(gateway));
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 2)]
    [Trait("Rfc", "5846-8.1-08")]
    [Trait("Rfc", "5846-8.1-09")]
    [Trait("Rfc", "5846-8.1-10")]
    public async Task The_old_gateway_says_whether_a_mobile_node_has_left_it(bool left, int sessions)
    {
        await using var host = new DsmipHost(World.Loopback);
        var anchor = Anchor(host, "127.42.9.10", Patient);
        await using var from = await Gateway("127.42.9.10", "127.42.9.11", "mn1@example.com");
        await Attached(anchor, 1);
        // The list comes when the gateway has taken the command before it.
        await from.Say(left ? "left mn1@example.com\nlist" : "list");
        await from.Next("bindings");
        await using var to = await Gateway("127.42.9.10", "127.42.9.12", "mn1@example.com", "--handoff-indicator", "4");

        var asked = await from.Next("indication");
        await Until(anchor, () => anchor.Bindings().Any(binding => binding.Peer == "127.42.9.12"));

        Assert.Equal(4, asked.GetProperty("revocationTrigger").GetInt32());
        Assert.Equal(sessions, anchor.BindingCount);
        Assert.Equal(sessions, anchor.Bindings().SelectMany(binding => binding.Prefixes).Distinct().Count());
        Assert.Empty(Remarks(from).Concat(Remarks(to)));
    }

    private static HostedLocalMobilityAnchor Anchor(DsmipHost host, string address, RevocationVariables? revocation = null) => host.Add(
        new LocalMobilityAnchorOptions
        {
            Name = "lma",
            Address = address,
            Port = Port,
            PrefixPool = "2001:db8:100::/40",
            IPv4HomeNetwork = "192.0.2.0/24",
            GlobalRevocation = [new() { Identity = "mag1@operator.example", CareOfAddresses = ["127.42.8.11"] }],
            // A process that has to wait for its turn on a busy machine is no clock that is apart.
            TimestampValidityWindow = TimeSpan.FromSeconds(30),
            Revocation = revocation ?? new(),
        });

    private static Task<PythonPeer> Gateway(string anchor, string address, string attach, params string[] arguments) => PythonPeer.Start(
        "mobile_access_gateway.py", ["--listen", $"{address}:0", "--lma", $"{anchor}:{Port}", "--attach", attach, .. arguments]);

    private static Task Attached(HostedLocalMobilityAnchor anchor, int count) => Until(anchor, () => anchor.BindingCount == count);

    private static async Task Until(HostedLocalMobilityAnchor anchor, Func<bool> condition) =>
        Assert.True(await anchor.Host.Runtime.WaitUntil(condition, Limit, TestContext.Current.CancellationToken));

    private static async Task<List<RevocationOutcome>> Revoke(HostedLocalMobilityAnchor anchor, RevocationRequest request)
    {
        var outcomes = new List<RevocationOutcome>();
        await foreach (var outcome in anchor.RevokeAsync(request, TestContext.Current.CancellationToken))
        {
            outcomes.Add(outcome);
        }

        return outcomes;
    }

    private static long Drops(HostedLocalMobilityAnchor anchor, DropReason reason) =>
        anchor.Statistics()!.Drops.GetValueOrDefault($"{reason}");

    private static IEnumerable<string?> Remarks(PythonPeer peer) => peer.Seen
        .Where(happened => happened.GetProperty("event").GetString() == "received")
        .SelectMany(happened => happened.GetProperty("remarks").EnumerateArray().Select(remark => remark.GetString()));
}
