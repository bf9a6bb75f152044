using DsmipTools.Engine.Bindings;
using DsmipTools.Engine.ProxyMobileIPv6;
using DsmipTools.Engine.Tests.Simulation;
using DsmipTools.Wire.MobilityHeader;
using static DsmipTools.Engine.Tests.Simulation.Domain;

namespace DsmipTools.Engine.Tests.Bindings;

/// <summary>What an administrator finds by an index is what a look at every binding finds, and reading piece by piece is no worse than at once.</summary>
public sealed class BindingScanTests
{
    private static readonly string[] Identifiers = ["a@example.com", "A@example.com", "b@EXAMPLE.com", "a@foo.example.com", "plain", "a@b@example.com", "c@example.org"];

    private readonly LocalMobilityAnchor anchor = Anchor(AnchorOptions() with { IPv4HomeNetwork = "192.0.2.0/24" });
    private readonly Probe probe;

    public BindingScanTests()
    {
        probe = new Probe(anchor);
        for (var number = 0; number < 28; number++)
        {
            probe.Now += TimeSpan.FromSeconds(1);
            probe.Deliver(Update(probe, Identifiers[number % 7], technology: (AccessTechnologyType)(1 + (number / 7))), FromGateway(1 + (number % 3)));
        }

        Assert.Equal(28, anchor.BindingCount);
    }

    public static TheoryData<BindingFilter, int, int> Filters => new()
    {
        // The filter, how many fit, and how many an index makes an agent look at.
        { BindingFilter.All, 28, 28 },
        { new BindingFilter { Identifiers = ["a@example.COM"] }, 4, 4 },
        { new BindingFilter { Identifiers = ["a@example.com", "a@EXAMPLE.com", "nobody"] }, 4, 4 },
        { new BindingFilter { Realms = ["Example.com"] }, 16, 16 },
        { new BindingFilter { Realms = ["Example.com"], Peers = [FromGateway(2).Source.Address] }, 5, 5 },
        { new BindingFilter { Realms = ["foo.example.com", "example.org"], States = [BindingState.Deregistered] }, 0, 8 },
        { new BindingFilter { Realms = [new string('x', 5000)] }, 0, 0 },
        { new BindingFilter { Peers = [FromGateway(2).Source.Address] }, 9, 9 },
        { new BindingFilter { CareOfAddresses = [FromGateway(2).Source.Address] }, 9, 28 },
        { new BindingFilter { Prefixes = ["2001:db8:100:3::/64", "2001:db8:100:3::9/64"] }, 1, 1 },
        { new BindingFilter { Prefixes = ["2001:db8:100::/40"] }, 0, 0 },
        { new BindingFilter { Within = ["2001:db8:100::/62"] }, 4, 28 },
        { new BindingFilter { Containing = ["2001:db8:100:5::1/128"] }, 1, 1 },
        { new BindingFilter { Containing = ["2001:db8:100::/48"] }, 0, 0 },
        { new BindingFilter { HomeAddresses = ["192.0.2.9"] }, 0, 0 },
    };

    [Theory]
    [MemberData(nameof(Filters))]
    public void An_index_finds_what_a_look_at_all_finds(BindingFilter filter, int fitting, int candidates)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var read = anchor.Scan(filter).Read(int.MaxValue, probe.Now);

        Assert.Equal(candidates, read.Count);
        Assert.Equal(fitting, read.Count(filter.Matches));
        Assert.Equal(
            anchor.Bindings(probe.Now).Where(filter.Matches).Select(binding => binding.Prefixes[0]).Order(),
            read.Where(filter.Matches).Select(binding => binding.Prefixes[0]).Order());
    }

    [Fact]
    public void What_comes_and_goes_between_two_pieces_neither_breaks_nor_doubles()
    {
        var all = anchor.Scan(BindingFilter.All).Read(int.MaxValue, probe.Now);
        var scan = anchor.Scan(BindingFilter.All);
        var first = scan.Read(10, probe.Now);
        // One that was read and one that was not go; the second comes back as another session, and others come.
        Leave(all[2]);
        Leave(all[20]);
        probe.Deliver(Update(probe, all[20].Identifier!, technology: ((ProxyBindingSnapshot)all[20]).AccessTechnologyType), FromGateway(3));
        probe.Deliver(Update(probe, "new@example.com"), FromGateway());
        var rest = new List<BindingSnapshot>();
        while (!scan.IsAtEnd)
        {
            rest.AddRange(scan.Read(7, probe.Now));
        }

        Assert.Equal(28, anchor.BindingCount);
        Assert.Equal(
            all.Where((_, number) => number != 20).Select(binding => binding.Prefixes),
            first.Concat(rest).Select(binding => binding.Prefixes));
        Assert.Empty(scan.Read(7, probe.Now));
    }

    [Fact]
    public void A_gateway_finds_by_identifier_and_realm()
    {
        var gateway = Gateway();
        var cell = new Probe(gateway);
        foreach (var identifier in Identifiers)
        {
            cell.Do(now => gateway.Attach(identifier, null, HandoffIndicator.NewInterface, now));
        }

        Assert.Equal("A@example.com", Assert.Single(gateway.Scan(new BindingFilter { Identifiers = ["A@EXAMPLE.com"] }).Read(9, cell.Now)).Identifier);
        Assert.Equal(4, gateway.Scan(new BindingFilter { Realms = ["example.com", "EXAMPLE.COM"] }).Read(9, cell.Now).Count);
        Assert.Equal(Identifiers, gateway.Scan(BindingFilter.All).Read(9, cell.Now).Select(binding => binding.Identifier));
    }

    private void Leave(BindingSnapshot binding)
    {
        var gateway = Enumerable.Range(1, 3).Select(number => FromGateway(number)).Single(envelope => envelope.Source.Address == binding.Peer);
        probe.Now += TimeSpan.FromSeconds(1);
        probe.Deliver(
            Update(
                probe, binding.Identifier!, binding.Prefixes[0], HandoffIndicator.Unknown, lifetime: 0,
                technology: ((ProxyBindingSnapshot)binding).AccessTechnologyType),
            gateway);
        probe.Advance(TimeSpan.FromSeconds(11));
    }
}
