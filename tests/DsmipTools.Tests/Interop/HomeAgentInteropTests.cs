using System.Text.Json;
using DsmipTools.Engine.Bindings;
using DsmipTools.Engine.Diagnostics;
using DsmipTools.Engine.MobileIPv4;
using DsmipTools.Engine.Security;
using DsmipTools.Engine.Timing;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.Security;

namespace DsmipTools.Tests.Interop;

/// <summary>Our mobile node against a home agent that others could have written: codes come back per prefix, over real sockets.</summary>
public class HomeAgentInteropTests
{
    private static readonly byte[] Key = "1234567812345678"u8.ToArray();

    /// <summary>What a test waits at most for an answer, and a mobile node before it asks again: a busy machine answers late.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(AuthenticationAlgorithm.HmacMd5, "md5")]
    [InlineData(AuthenticationAlgorithm.HmacSha1, "sha1")]
    [InlineData(AuthenticationAlgorithm.HmacSha256, "sha256")]
    [Trait("Rfc", "5454-3.2-03")]
    [Trait("Rfc", "5454-3.5-03")]
    public async Task Codes_one_and_nine_come_back_per_prefix(AuthenticationAlgorithm algorithm, string name)
    {
        await using var peer = await HomeAgent("--algorithm", name, "--accept", "2001:db8:7::/48");
        await using var host = new DsmipHost(World.Loopback);

        var outcome = await Node(host, peer, algorithm).RegisterAsync(TestContext.Current.CancellationToken);

        Assert.Equal(RegistrationCode.Accepted, outcome.Code);
        Assert.Equal(
            [("2001:db8:7:1::/64", PrefixRegistrationState.AcceptedCareOfAddress), ("2001:db8:ffff::/64", PrefixRegistrationState.RejectedProhibited)],
            outcome.Prefixes.Select(prefix => (prefix.Prefix.ToString(), prefix.State)));
        var received = await peer.Next("verdict");
        Assert.Equal("accepted", received.GetProperty("verdict").GetString());
        Assert.Empty(Remarks(peer));
    }

    [Fact]
    [Trait("Rfc", "5454-3.8-02")]
    public async Task Deregistration_removes_the_binding_there()
    {
        await using var peer = await HomeAgent("--accept", "2001:db8:7::/48");
        await using var host = new DsmipHost(World.Loopback);
        var node = Node(host, peer);
        await node.RegisterAsync(TestContext.Current.CancellationToken);
        await peer.Next("verdict");

        var outcome = await node.DeregisterAsync(TestContext.Current.CancellationToken);

        Assert.Equal(RegistrationCode.Accepted, outcome.Code);
        await peer.Say("list");
        Assert.Empty((await peer.Next("bindings")).GetProperty("bindings").EnumerateArray());
    }

    [Fact]
    [Trait("Rfc", "5454-3.2-01")]
    [Trait("Rfc", "5454-3.5-01")]
    public async Task A_home_agent_without_RFC_5454_is_recognised()
    {
        await using var peer = await HomeAgent("--no-prefix-replies");
        await using var host = new DsmipHost(World.Loopback);

        var outcome = await Node(host, peer).RegisterAsync(TestContext.Current.CancellationToken);

        Assert.Equal(RegistrationResult.Accepted, outcome.Result);
        Assert.All(outcome.Prefixes.ToArray(), prefix => Assert.Equal(PrefixRegistrationState.NotSupported, prefix.State));
    }

    [Fact]
    [Trait("Rfc", "5454-3.5-02")]
    [Trait("Rfc", "5454-3.5-10")]
    public async Task A_missing_reply_rejects_and_an_unmatched_one_is_ignored()
    {
        await using var peer = await HomeAgent(
            "--accept", "2001:db8::/32", "--omit-reply-for", "2001:db8:ffff::/64", "--extra-reply", "2001:db8:9::/64");
        await using var host = new DsmipHost(World.Loopback);

        var outcome = await Node(host, peer).RegisterAsync(TestContext.Current.CancellationToken);

        Assert.Equal(
            [PrefixRegistrationState.AcceptedCareOfAddress, PrefixRegistrationState.NotAnswered], outcome.Prefixes.Select(prefix => prefix.State));
    }

    [Fact]
    [Trait("Rfc", "5454-4-03")]
    public async Task A_clock_that_is_an_hour_off_is_resynchronised()
    {
        await using var peer = await HomeAgent("--accept", "2001:db8:7::/48", "--clock-offset", "3600");
        await using var host = new DsmipHost(World.Loopback);

        var outcome = await Node(host, peer).RegisterAsync(TestContext.Current.CancellationToken);

        Assert.Equal(RegistrationCode.Accepted, outcome.Code);
        Assert.Equal(2, outcome.Attempts);
    }

    [Fact]
    [Trait("Rfc", "5454-4-03")]
    public async Task A_reply_with_a_wrong_authenticator_is_no_reply()
    {
        await using var peer = await HomeAgent("--bad-authenticator");
        await using var host = new DsmipHost(World.Loopback);
        var node = Node(host, peer);
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

        var registering = node.RegisterAsync(cancel.Token);
        Assert.True(await host.Runtime.WaitUntil(
            () => node.Statistics()!.Drops.ContainsKey(nameof(DropReason.BadAuthenticator)), Limit, TestContext.Current.CancellationToken));

        Assert.False(registering.IsCompleted);
        Assert.Equal(BindingState.Pending, Assert.Single(node.Bindings()).State);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => registering);
    }

    [Fact]
    public async Task A_lost_request_is_sent_again_with_another_identification()
    {
        await using var peer = await HomeAgent("--accept", "2001:db8:7::/48", "--drop-first", "1");
        await using var host = new DsmipHost(World.Loopback);

        var outcome = await Node(host, peer, firstWait: TimeSpan.FromSeconds(1)).RegisterAsync(TestContext.Current.CancellationToken);

        Assert.Equal(RegistrationCode.Accepted, outcome.Code);
        // On a busy machine the answer to the second request may be late too.
        Assert.InRange(outcome.Attempts, 2, 4);
        await peer.Next("verdict", verdict => verdict.GetProperty("verdict").GetString() == "accepted");
        var identifications = peer.Seen
            .Where(happened => happened.GetProperty("event").GetString() == "received")
            .Select(happened => happened.GetProperty("message").GetProperty("fields").GetProperty("identification").GetString())
            .ToArray();
        Assert.InRange(identifications.Length, 2, 4);
        Assert.All(identifications.Zip(identifications.Skip(1)), pair => Assert.True(string.CompareOrdinal(pair.First, pair.Second) < 0));
    }

    private static Task<PythonPeer> HomeAgent(params string[] arguments) => PythonPeer.Start(
        "home_agent.py", ["--listen", "127.41.0.3:0", "--home-network", "10.1.1.0/24", "--key", Convert.ToHexString(Key), .. arguments]);

    private static Hosting.HostedMobileNode Node(
        DsmipHost host, PythonPeer peer, AuthenticationAlgorithm algorithm = AuthenticationAlgorithm.HmacMd5, TimeSpan? firstWait = null) =>
        host.Add(new MobileNodeOptions
        {
            Name = "mn",
            HomeAddress = "10.1.1.7",
            HomeAgent = new Endpoint("127.41.0.3", peer.Port),
            CareOfAddress = "127.41.0.7",
            SecurityAssociation = new SecurityAssociation(256, "10.1.1.7", Key, algorithm),
            IPv6Prefixes = ["2001:db8:7:1::/64", "2001:db8:ffff::/64"],
            TunnelingMode = TunnelingMode.CareOfAddress,
            Lifetime = TimeSpan.FromMinutes(5),
            Retransmission = new RetransmissionPolicy(firstWait ?? Limit, Limit, 3),
        });

    private static IEnumerable<string?> Remarks(PythonPeer peer) => peer.Seen
        .Where(happened => happened.GetProperty("event").GetString() == "received")
        .SelectMany(happened => happened.GetProperty("remarks").EnumerateArray().Select(remark => remark.GetString()));
}
