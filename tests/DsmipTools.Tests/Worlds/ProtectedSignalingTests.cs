using DsmipTools.Engine.Diagnostics;
using DsmipTools.Engine.ProxyMobileIPv6;
using DsmipTools.Engine.Revocation;
using DsmipTools.Engine.Security;
using DsmipTools.Hosting;
using DsmipTools.Net.Tests.Support;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.Tests.Support;
using DsmipTools.Worlds;

namespace DsmipTools.Tests.Worlds;

/// <summary>A domain under ESP from end to end, with tshark reading over its shoulder.</summary>
public sealed class ProtectedSignalingTests : IDisposable
{
    private readonly string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".pcapng");

    public static TheoryData<bool, int> Forms => new(from isIPv4 in (bool[])[false, true] from key in (int[])[0, 16, 32] select (isIPv4, key));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => File.Delete(path);

    [Theory]
    [MemberData(nameof(Forms))]
    [Trait("Rfc", "5846-6.1-01")]
    [Trait("Rfc", "5846-6.2-03")]
    [Trait("Rfc", "5846-13-03")]
    public async Task A_life_under_esp_is_read_by_tshark_with_the_keys_and_by_nobody_without(bool isIPv4, int encryptionKeyLength)
    {
        await using var domain = Domain.Open(isIPv4, encryptionKeyLength);
        using (domain.Host.CaptureTo(path))
        {
            await Live(domain);
        }

        // Two attach and are renewed, one is handed over and its old gateway told, one more attaches, and the realm is revoked at both gateways.
        string[] expected = [.. Enumerable.Repeat("5", 6), .. Enumerable.Repeat("6", 6), .. Enumerable.Repeat("16/1", 3), .. Enumerable.Repeat("16/2", 3)];
        var lines = Judge(domain, "esp.icv_good", "mip6.mhtype", "mip6.bri_br.type");
        Assert.All(lines, line => Assert.StartsWith("1\t", line, StringComparison.Ordinal));
        Assert.Equal(expected.Order(), lines.Select(line => string.Join('/', line.Split('\t')[1..].Where(value => value.Length > 0))).Order());

        var bare = ExternalTool.Run("tshark", "-r", path, "-T", "fields", "-e", "mip6.mhtype", "-e", "udp.port").Split('\n', StringSplitOptions.TrimEntries);
        Assert.All(bare, line => Assert.Empty(line));
        Assert.All(domain.Host.Agents, agent => Assert.StartsWith("ESP (", agent.Protection, StringComparison.Ordinal));
        Assert.DoesNotContain(
            domain.Host.Events.Last(1000), happened => happened.Kind is EventKind.Unprotected or EventKind.SecurityException or EventKind.EffectFailed or EventKind.AgentFault);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(16)]
    public async Task One_seed_gives_the_same_packets_initialization_vectors_included(int encryptionKeyLength)
    {
        var files = new List<byte[]>();
        for (var run = 0; run < 2; run++)
        {
            await using var domain = Domain.Open(isIPv4: false, encryptionKeyLength);
            using (domain.Host.CaptureTo(path))
            {
                await Live(domain);
            }

            files.Add(await File.ReadAllBytesAsync(path, Cancel));
        }

        Assert.Equal(files[0], files[1]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Loss_duplication_reordering_and_corruption_cost_retransmissions_and_no_binding(ulong seed)
    {
        await using var domain = Domain.Open(isIPv4: seed == 2, 16, seed);
        var world = domain.Host.Simulation!;
        world.DefaultLink = new Link { Loss = 0.1, Duplication = 0.2, Reordering = 0.2, Corruption = 0.1, Jitter = TimeSpan.FromMilliseconds(3) };
        for (var node = 0; node < 20; node++)
        {
            var attached = await domain.Gateways[node % 2].AttachAsync($"mn{node}@example.com", Cancel);
            Assert.Equal(AttachmentResult.Accepted, attached.Result);
        }

        world.DefaultLink = new Link();
        await foreach (var outcome in domain.Anchor.RevokeAsync(Revocation.Realm("example.com"), Cancel))
        {
            Assert.Equal(RevocationResult.Acknowledged, outcome.Result);
        }

        Assert.All(domain.Host.Agents, agent => Assert.Equal(0, agent.BindingCount));
        var drops = domain.Host.Agents.SelectMany(agent => agent.Statistics()!.Counters).Where(counter => counter.Drop != DropReason.None).Select(counter => counter.Drop).Distinct();
        Assert.Contains(DropReason.Replayed, drops);
        Assert.Contains(DropReason.BadAuthenticator, drops);
        Assert.Equal(0, domain.Host.Runtime.Faults);
    }

    [Fact]
    public async Task An_agent_that_is_started_again_goes_on_where_it_was()
    {
        await using var domain = Domain.Open(isIPv4: false, 0);
        await domain.Gateways[0].AttachAsync("mn1@example.com", Cancel);
        var sent = domain.Host.IPsecSecurityAssociations.List().Max(association => association.LastSent);
        domain.Anchor.Stop();
        domain.Anchor.Start();
        domain.Gateways[0].Stop();
        domain.Gateways[0].Start();
        Assert.Equal(AttachmentResult.Accepted, (await domain.Gateways[0].AttachAsync("mn2@example.com", Cancel)).Result);
        Assert.True(domain.Host.IPsecSecurityAssociations.List().Max(association => association.LastSent) > sent);
        Assert.DoesNotContain(domain.Host.Events.Last(1000), happened => happened.Kind == EventKind.SecurityException);
    }

    [Fact]
    public async Task On_real_sockets_the_kernel_protects_and_the_refusal_says_how()
    {
        await using var host = new DsmipHost(World.Loopback);
        var association = new IPsecSecurityAssociation(256, "127.0.0.10", "127.0.0.11", new byte[32]);
        var refusal = Assert.Throws<NotSupportedException>(() => host.Add(association));
        Assert.Contains("ip xfrm", refusal.Message, StringComparison.Ordinal);
        host.IPsecSecurityAssociations.Add(association);
        Assert.Throws<NotSupportedException>(
            () => host.Add(new MobileAccessGatewayOptions { Name = "mag1", Address = "127.0.0.11", LocalMobilityAnchor = "127.0.0.10" }));
    }

    [Fact]
    public void The_commands_for_the_kernel_name_the_selectors_of_the_RFCs()
    {
        Assert.Equal(
            [
                "ip xfrm policy add src 2001:db8::1 dst 2001:db8::2 proto 135 dir out tmpl src 2001:db8::1 dst 2001:db8::2 proto esp mode transport",
                "ip xfrm policy add src 2001:db8::2 dst 2001:db8::1 proto 135 dir in tmpl src 2001:db8::2 dst 2001:db8::1 proto esp mode transport",
            ],
            KernelIPsec.PolicyCommands("2001:db8::1", "2001:db8::2", isAnchor: true));
        Assert.Equal(
            ["sport", "dport", "dport", "sport"],
            KernelIPsec.PolicyCommands("192.0.2.1", "192.0.2.2", isAnchor: true)
                .Concat(KernelIPsec.PolicyCommands("192.0.2.1", "192.0.2.2", isAnchor: false))
                .Select(command => command.Split(' ')[10]));
        Assert.Throws<ArgumentException>(() => KernelIPsec.PolicyCommands("192.0.2.1", "2001:db8::2", isAnchor: true));
    }

    [Fact]
    [Trait("Rfc", "5846-13-03")]
    public void The_kernel_takes_the_policies_and_covers_every_mobility_header_type() => NetworkNamespace.Run(() =>
    {
        foreach (var isAnchor in (bool[])[true, false])
        {
            foreach (var command in KernelIPsec.PolicyCommands(isAnchor ? "2001:db8::1" : "2001:db8::3", "2001:db8::2", isAnchor)
                .Concat(KernelIPsec.PolicyCommands(isAnchor ? "192.0.2.1" : "192.0.2.3", "192.0.2.2", isAnchor)))
            {
                NetworkNamespace.Ip(command["ip ".Length..]);
            }
        }

        var policies = NetworkNamespace.Ip("xfrm policy");
        Assert.Contains("src 2001:db8::1/128 dst 2001:db8::2/128 proto mobility-header \n", policies, StringComparison.Ordinal);
        Assert.Contains("src 192.0.2.1/32 dst 192.0.2.2/32 proto udp sport 5436 \n", policies, StringComparison.Ordinal);
        Assert.Contains("src 192.0.2.3/32 dst 192.0.2.2/32 proto udp dport 5436 \n", policies, StringComparison.Ordinal);
        Assert.DoesNotContain(" type ", policies, StringComparison.Ordinal);
    });

    [Fact]
    public void The_kernel_takes_the_associations() => NetworkNamespace.Run(() =>
    {
        string[] commands =
        [
            .. KernelIPsec.StateCommands("2001:db8::1", "2001:db8::2")
                .Select((command, at) => command.Replace("SPI", $"{4097 + at}").Replace("KEY", "0x" + new string('7', 64)).Replace('\'', '"')["ip ".Length..]),
        ];
        var refusal = Record.Exception(() => NetworkNamespace.Ip(commands[0]));
        Assert.SkipWhen(refusal is not null, $"this kernel has no ESP: {refusal?.Message}");
        NetworkNamespace.Ip(commands[1]);
        Assert.Contains("auth-trunc hmac(sha256)", NetworkNamespace.Ip("xfrm state"), StringComparison.Ordinal);
    });

    private static async Task Live(Domain domain)
    {
        var world = domain.Host.Simulation!;
        await domain.Gateways[0].AttachAsync("mn1@example.com", Cancel);
        await domain.Gateways[1].AttachAsync("mn2@example.com", Cancel);
        world.Advance(TimeSpan.FromMinutes(50));
        await domain.Gateways[1].AttachAsync("mn1@example.com", null, HandoffIndicator.BetweenGateways, Cancel);
        world.Advance(TimeSpan.FromSeconds(1));
        await domain.Gateways[0].AttachAsync("mn3@example.com", Cancel);
        await foreach (var outcome in domain.Anchor.RevokeAsync(Revocation.Realm("example.com"), Cancel))
        {
            Assert.Equal(RevocationResult.Acknowledged, outcome.Result);
        }

        Assert.All(domain.Host.Agents, agent => Assert.Equal(0, agent.BindingCount));
    }

    private string[] Judge(Domain domain, params string[] fields)
    {
        var family = domain.Anchor.Address.IsIPv4 ? "IPv4" : "IPv6";
        return ExternalTool.Run(
            "tshark",
            [
                "-r", path, "-o", "esp.enable_encryption_decode:TRUE", "-o", "esp.enable_authentication_check:TRUE",
                .. domain.Keys.SelectMany(each => new[]
                {
                    "-o",
                    $"uat:esp_sa:\"{family}\",\"{each.Association.Source}\",\"{each.Association.Destination}\",\"0x{each.Association.SecurityParametersIndex:x8}\",\"{(each.Encryption.Length == 0 ? "NULL" : "AES-CBC [RFC3602]")}\",\"{Hex(each.Encryption)}\",\"HMAC-SHA-256-128 [RFC4868]\",\"{Hex(each.Integrity)}\"",
                }),
                "-T", "fields", .. fields.SelectMany(field => new[] { "-e", field }),
            ]).TrimEnd('\n').Split('\n');
    }

    private static string Hex(byte[] key) => key.Length == 0 ? "" : "0x" + Convert.ToHexStringLower(key);

    /// <summary>An anchor and two gateways in a simulated world, each pair with an association in both directions.</summary>
    private sealed record Domain(
        DsmipHost Host,
        HostedLocalMobilityAnchor Anchor,
        HostedMobileAccessGateway[] Gateways,
        List<(IPsecSecurityAssociation Association, byte[] Integrity, byte[] Encryption)> Keys) : IAsyncDisposable
    {
        public static Domain Open(bool isIPv4, int encryptionKeyLength, ulong seed = 7)
        {
            var host = new DsmipHost(World.Simulated, seed);
            Address[] addresses = isIPv4 ? ["198.51.100.1", "203.0.113.1", "203.0.113.2"] : ["2001:db8:a::1", "2001:db8:b::1", "2001:db8:b::2"];
            List<(IPsecSecurityAssociation Association, byte[] Integrity, byte[] Encryption)> keys = [];
            foreach (var (source, destination) in new[] { (0, 1), (1, 0), (0, 2), (2, 0) })
            {
                var number = (byte)((source * 10) + destination);
                var (integrity, encryption) = (Enumerable.Repeat(number, 32).ToArray(), Enumerable.Repeat((byte)~number, encryptionKeyLength).ToArray());
                var association = new IPsecSecurityAssociation(0x1000u + number, addresses[source], addresses[destination], integrity, encryption);
                host.Add(association);
                keys.Add((association, integrity, encryption));
            }

            var none = new HeartbeatOptions { Interval = Timeout.InfiniteTimeSpan };
            var anchor = host.Add(new LocalMobilityAnchorOptions { Name = "lma1", Address = addresses[0], PrefixPool = "2001:db8:100::/40", RevokesOnHandover = true, Heartbeat = none });
            return new Domain(
                host,
                anchor,
                [.. addresses[1..].Select((address, at) => host.Add(new MobileAccessGatewayOptions { Name = $"mag{at + 1}", Address = address, LocalMobilityAnchor = addresses[0], Heartbeat = none }))],
                keys);
        }

        public ValueTask DisposeAsync() => Host.DisposeAsync();
    }
}
