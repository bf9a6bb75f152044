using DsmipTools.Engine;
using DsmipTools.Engine.Bindings;
using DsmipTools.Engine.Diagnostics;
using DsmipTools.Engine.MobileIPv4;
using DsmipTools.Engine.Security;
using DsmipTools.Wire;
using DsmipTools.Wire.Icmp.AgentAdvertisement;
using DsmipTools.Wire.Icmp.IcmpV4;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Worlds;

namespace DsmipTools.Tests.Worlds;

/// <summary>RFC 5944, 2.4: how a mobile node finds agents, notices that it has moved, and comes home.</summary>
public sealed class AgentDiscoveryTests
{
    [Fact]
    [Trait("Rfc", "5944-2.4-01")]
    [Trait("Rfc", "5944-2.4-02")]
    [Trait("Rfc", "5944-2.4-03")]
    [Trait("Rfc", "5944-2.4-04")]
    [Trait("Rfc", "5944-2.4-05")]
    [Trait("Rfc", "5944-2.4-08")]
    [Trait("Rfc", "5944-2.2-01")]
    public void On_a_link_without_agents_it_asks_ever_more_rarely()
    {
        using var domain = new MobileIPv4Domain();
        domain.World.Move(domain.Node, domain.World.FindOrAddSharedLink("nobody"));
        List<double> times = [];
        for (var asked = 0; asked < 12; asked++)
        {
            Assert.True(domain.Until(() => Solicitations(domain) > asked, 100));
            times.Add(domain.World.Now.Elapsed.TotalSeconds);
        }

        Assert.InRange(times[0], 0, 1);
        var gaps = times.Skip(1).Select((time, at) => time - times[at]).ToList();
        Assert.All(
            gaps.Zip([1.0, 1, 2, 4, 8, 16, 32, 60, 60, 60, 60]),
            pair => Assert.InRange(pair.First, pair.Second, (pair.Second * 1.2) + 0.001));
        var found = Assert.Single(domain.EventsOf(domain.Node, EventKind.AgentNotFound));
        Assert.InRange(found.At.Elapsed.TotalSeconds, times[2], times[3] + 0.001);
        Assert.Null(domain.AtNode);
    }

    [Fact]
    [Trait("Rfc", "5944-2.4-06")]
    [Trait("Rfc", "5944-2.4-09")]
    [Trait("Rfc", "5944-3.6.1.1-03")]
    [Trait("Rfc", "5944-3.6.1.1-05")]
    [Trait("Rfc", "5944-3.6.1.2-01")]
    [Trait("Rfc", "3024-4.1.1-01")]
    public void It_registers_through_the_first_agent_that_it_hears_and_asks_no_more()
    {
        using var domain = new MobileIPv4Domain();
        domain.Visit(domain.First, domain.FirstLink);
        var asked = Solicitations(domain);
        domain.Pass(3600);
        Assert.Equal(asked, Solicitations(domain));
        var request = domain.Packets.First(packet => packet.Message is RegistrationRequest);
        var ip = request.Layers.Select(layer => layer.Structure).OfType<IPv4Header>().First();
        Assert.Equal(("10.1.1.7", "198.51.1.1", (byte)255), (ip.Source.ToString(), ip.Destination.ToString(), ip.TimeToLive));
        Assert.False(((RegistrationRequest)request.Message!).DecapsulationByMobileNode);
        var discovered = Assert.Single(domain.EventsOf(domain.Node, EventKind.AgentDiscovered));
        Assert.Equal(((Address?)"198.51.1.1", "foreign agent, care-of address 198.51.1.1, valid for 30 s"), (discovered.Peer, discovered.Detail));
        // It renews before its lifetime ends, through the same agent.
        Assert.Equal(BindingState.Active, domain.AtHomeAgent!.State);
        Assert.Empty(domain.EventsOf(domain.HomeAgent, EventKind.BindingExpired));
        Assert.Empty(domain.EventsOf(domain.First, EventKind.BindingExpired));
    }

    [Fact]
    [Trait("Rfc", "5944-2.4.2-01")]
    [Trait("Rfc", "5944-3.6-04")]
    [Trait("Rfc", "5944-2.4-07")]
    public void It_registers_anew_where_it_comes_to()
    {
        using var domain = new MobileIPv4Domain();
        domain.Visit(domain.First, domain.FirstLink);
        domain.Visit(domain.Second, domain.SecondLink, 5);
        Assert.Equal("198.51.2.1", domain.AtHomeAgent!.CareOfAddress.ToString());
        Assert.NotNull(domain.At(domain.Second));
        // The old agent is told by nobody (RFC 5944, 3.7); its visit ends with its lifetime.
        Assert.NotNull(domain.At(domain.First));
        domain.Pass(300);
        Assert.Null(domain.At(domain.First));
        Assert.NotNull(domain.At(domain.Second));
    }

    [Fact]
    [Trait("Rfc", "5944-2.4.2.1-01")]
    [Trait("Rfc", "5944-2.4.2.1-02")]
    [Trait("Rfc", "5944-2.4.2.1-03")]
    public void An_agent_that_is_heard_no_more_is_left_for_another_one()
    {
        using var domain = new MobileIPv4Domain(foreign: options => options with { Advertisements = options.Advertisements with { SendsPrefixLengths = false } });
        domain.World.Join(domain.Second, domain.FirstLink);
        domain.World.Move(domain.Node, domain.FirstLink);
        Assert.True(domain.Until(() => domain.AtNode is { State: BindingState.Active }));
        var left = domain.AtNode!.CareOfAddress == domain.First.Options.Address ? domain.First : domain.Second;
        var other = left == domain.First ? domain.Second : domain.First;
        domain.World.Leave(left, domain.FirstLink);
        Assert.True(domain.Until(() => domain.AtNode!.CareOfAddress == other.Options.Address, 31));
        Assert.Equal(left.LocalEndpoint.Address, Assert.Single(domain.EventsOf(domain.Node, EventKind.AgentLost)).Peer);
        Assert.Equal(other.Options.Address, domain.AtHomeAgent!.CareOfAddress);
    }

    [Fact]
    [Trait("Rfc", "5944-2.4.2.1-04")]
    public void Without_another_one_it_searches_again()
    {
        using var domain = new MobileIPv4Domain();
        domain.Visit(domain.First, domain.FirstLink);
        var asked = Solicitations(domain);
        domain.World.Leave(domain.First, domain.FirstLink);
        domain.Pass(40);
        Assert.Single(domain.EventsOf(domain.Node, EventKind.AgentLost));
        Assert.True(Solicitations(domain) >= asked + 3);
        Assert.Single(domain.EventsOf(domain.Node, EventKind.AgentNotFound));
        domain.World.Join(domain.First, domain.FirstLink);
        Assert.True(domain.Until(() => domain.AtNode is { State: BindingState.Active, ForeignAgent: not null } binding && binding.LifetimeRemaining > TimeSpan.FromSeconds(298), 5));
    }

    [Fact]
    [Trait("Rfc", "5944-3.6-06")]
    public void Another_agent_on_the_link_is_no_reason_to_leave_the_present_one()
    {
        using var domain = new MobileIPv4Domain();
        domain.Visit(domain.First, domain.FirstLink);
        domain.World.Join(domain.Second, domain.FirstLink);
        domain.Pass(600);
        Assert.Equal("198.51.1.1", domain.AtNode!.CareOfAddress.ToString());
        Assert.Equal(2, domain.EventsOf(domain.Node, EventKind.AgentDiscovered).Count());
        Assert.Null(domain.At(domain.Second));
    }

    [Fact]
    [Trait("Rfc", "5944-2.4.2.2-01")]
    [Trait("Rfc", "5944-2.4.2.2-02")]
    public void Another_network_by_its_prefix_is_a_move_when_the_present_agent_is_heard_no_more()
    {
        using var domain = new MobileIPv4Domain(foreign: options => options with
        {
            Advertisements = options.Advertisements with { Lifetime = TimeSpan.FromSeconds(600) },
        });
        domain.Visit(domain.First, domain.FirstLink);
        // The cable is moved, and no link layer says so.
        domain.World.Leave(domain.First, domain.FirstLink);
        domain.World.Join(domain.Second, domain.FirstLink);
        Assert.True(domain.Until(() => domain.AtNode!.CareOfAddress == domain.Second.Options.Address, 215));
        Assert.True(domain.World.Now.Elapsed > TimeSpan.FromSeconds(190));
        Assert.Empty(domain.EventsOf(domain.Node, EventKind.AgentLost));
    }

    [Fact]
    [Trait("Rfc", "5944-2.4.2.2-03")]
    public void Without_prefix_lengths_nothing_is_concluded_from_networks()
    {
        using var domain = new MobileIPv4Domain(foreign: options => options with
        {
            Advertisements = options.Advertisements with { Lifetime = TimeSpan.FromSeconds(600), SendsPrefixLengths = options.Name == "fa1" },
        }, node: options => options with { Lifetime = TimeSpan.FromHours(1) });
        domain.Visit(domain.First, domain.FirstLink);
        domain.World.Leave(domain.First, domain.FirstLink);
        domain.World.Join(domain.Second, domain.FirstLink);
        domain.Pass(550);
        Assert.Null(domain.At(domain.Second));
        Assert.True(domain.Until(() => domain.At(domain.Second) is not null, 60));
    }

    [Fact]
    [Trait("Rfc", "5944-2.4.4-01")]
    [Trait("Rfc", "5944-3.6-05")]
    public void An_agent_that_restarted_is_registered_with_again()
    {
        using var domain = new MobileIPv4Domain();
        domain.Visit(domain.First, domain.FirstLink);
        domain.Pass(25);
        domain.RestartFirst();
        Assert.Null(domain.At(domain.First));
        Assert.True(domain.Until(() => domain.At(domain.First) is not null, 2));
        Assert.Single(domain.EventsOf(domain.Node, EventKind.AgentRestarted));
        Assert.NotNull(domain.AtHomeAgent);
    }

    [Fact]
    [Trait("Rfc", "5944-2.4.4-02")]
    public void Numbers_that_go_on_after_the_last_one_are_no_restart()
    {
        using var domain = new MobileIPv4Domain();
        domain.Visit(domain.First, domain.FirstLink);
        Say(domain, 65535);
        Say(domain, 256);
        Say(domain, 257);
        Assert.Empty(domain.EventsOf(domain.Node, EventKind.AgentRestarted));
        Say(domain, 3);
        Assert.Single(domain.EventsOf(domain.Node, EventKind.AgentRestarted));
    }

    [Fact]
    [Trait("Rfc", "5944-2.4.3-01")]
    [Trait("Rfc", "5944-2.4.3-02")]
    [Trait("Rfc", "5944-3.1-04")]
    [Trait("Rfc", "5944-3.6-03")]
    [Trait("Rfc", "5944-3.6.1.2-08")]
    public void At_home_it_deregisters_and_goes_on_without_mobility()
    {
        using var domain = new MobileIPv4Domain();
        domain.Visit(domain.First, domain.FirstLink);
        domain.World.Move(domain.Node, domain.HomeLink);
        Assert.True(domain.Until(() => domain.AtHomeAgent is null, 12));
        Assert.True(domain.World.Query(domain.Node, _ => domain.Node.IsAtHome));
        Assert.Single(domain.EventsOf(domain.Node, EventKind.ReturnedHome));
        Assert.True(domain.Until(() => domain.AtNode is null, 1));
        var request = (RegistrationRequest)domain.Packets.Last(packet => packet.Message is RegistrationRequest).Message!;
        Assert.Equal(((ushort)0, "10.1.1.7"), (request.Lifetime, request.CareOfAddress.ToString()));
        var requests = Requests(domain);
        domain.Pass(3600);
        Assert.Equal(requests, Requests(domain));
        // And away again.
        domain.Visit(domain.Second, domain.SecondLink);
        Assert.Equal("198.51.2.1", domain.AtHomeAgent!.CareOfAddress.ToString());
    }

    [Fact]
    [Trait("Rfc", "5944-2.4.3-01")]
    public void It_knows_the_home_network_by_its_prefix()
    {
        using var domain = new MobileIPv4Domain(
            foreign: options => options.Name == "fa2" ? options with { Advertisements = options.Advertisements with { RouterAddresses = ["10.1.1.3/24"] } } : options,
            node: options => options with { HomeNetwork = "10.1.1.0/24" });
        domain.Visit(domain.First, domain.FirstLink);
        domain.World.Move(domain.Node, domain.SecondLink);
        Assert.True(domain.Until(() => domain.AtHomeAgent is null, 12));
        Assert.Single(domain.EventsOf(domain.Node, EventKind.ReturnedHome));
    }

    [Fact]
    [Trait("Rfc", "5944-2.4.1-01")]
    [Trait("Rfc", "5944-3.1-02")]
    [Trait("Rfc", "5944-3.1-03")]
    public void With_its_own_care_of_address_it_registers_through_an_agent_only_where_that_is_required()
    {
        using var domain = new MobileIPv4Domain(
            foreign: options => options with { RegistrationRequired = options.Name == "fa2" },
            node: options => options with { CareOfAddress = "198.51.2.77", LocalPort = 40000 });
        domain.World.Move(domain.Node, domain.FirstLink);
        domain.Pass(60);
        Assert.Null(domain.AtHomeAgent);
        domain.World.Move(domain.Node, domain.SecondLink);
        Assert.True(domain.Until(() => domain.AtNode is { State: BindingState.Active }));
        var binding = domain.AtHomeAgent!;
        Assert.Equal(("198.51.2.77", "198.51.2.1", true), (binding.CareOfAddress.ToString(), binding.Peer.ToString(), binding.DecapsulationByMobileNode));
        Assert.Equal("D", domain.At(domain.Second)!.Flags);
    }

    [Fact]
    [Trait("Rfc", "5944-3.6.1.2-05")]
    [Trait("Rfc", "5944-3.6.2.3-02")]
    public void It_asks_for_no_longer_than_the_agent_takes()
    {
        using var domain = new MobileIPv4Domain(foreign: options => options with { MaximumLifetime = TimeSpan.FromSeconds(60) });
        domain.Visit(domain.First, domain.FirstLink);
        Assert.Equal(60, domain.AtNode!.LifetimeGranted.TotalSeconds);
        Assert.Empty(domain.EventsOf(domain.First, EventKind.BindingRefused));
    }

    [Fact]
    public void An_agent_that_refuses_is_left_alone_for_a_while()
    {
        using var domain = new MobileIPv4Domain(foreign: options => options with { RequiresReverseTunneling = options.Name == "fa1" });
        domain.World.Join(domain.Second, domain.FirstLink);
        domain.World.Move(domain.Node, domain.FirstLink);
        Assert.True(domain.Until(() => domain.AtNode is { State: BindingState.Active }, 10));
        Assert.Equal("198.51.2.1", domain.AtNode!.CareOfAddress.ToString());
        Assert.True(domain.EventsOf(domain.First, EventKind.BindingRefused).Count() <= 1);
    }

    [Fact]
    public void A_busy_agent_is_not_asked()
    {
        using var domain = new MobileIPv4Domain(foreign: options => options with { MaximumVisitors = options.Name == "fa1" ? 0 : 10 });
        domain.World.Move(domain.Node, domain.FirstLink);
        domain.Pass(60);
        Assert.Equal(0, Requests(domain));
        domain.World.Join(domain.Second, domain.FirstLink);
        Assert.True(domain.Until(() => domain.AtNode is { State: BindingState.Active }, 10));
    }

    [Fact]
    public async Task A_command_waits_for_an_agent()
    {
        using var domain = new MobileIPv4Domain();
        var outcome = (RegistrationOutcome)await domain.World.Execute(domain.Node, domain.Node.Register, TestContext.Current.CancellationToken);
        Assert.Equal((RegistrationResult.TimedOut, 0), (outcome.Result, outcome.Attempts));
        domain.World.Move(domain.Node, domain.FirstLink);
        outcome = (RegistrationOutcome)await domain.World.Execute(domain.Node, domain.Node.Register, TestContext.Current.CancellationToken);
        Assert.Equal((RegistrationResult.Accepted, (Address?)"198.51.1.1"), (outcome.Result, outcome.ForeignAgent));
        Assert.Equal("198.51.1.1", outcome.CareOfAddress.ToString());
    }

    [Fact]
    [Trait("Rfc", "5944-3.6.1.3-02")]
    [Trait("Rfc", "5944-3.6.2.1-04")]
    [Trait("Rfc", "5944-3.6.2.1-05")]
    public void Node_and_agent_prove_themselves_to_each_other()
    {
        var agreed = new SecurityAssociation(300, MobileIPv4Domain.Home, "both know this"u8) { Kind = SecurityAssociationKind.MobileForeign };
        var other = new SecurityAssociation(300, MobileIPv4Domain.Home, "one knows this"u8) { Kind = SecurityAssociationKind.MobileForeign };
        using var domain = new MobileIPv4Domain(node: options => options with
        {
            ForeignAgentAssociations = new Dictionary<Address, SecurityAssociation> { ["198.51.1.1"] = agreed, ["198.51.2.1"] = other },
        });
        domain.Associations.Add(agreed);
        domain.Visit(domain.First, domain.FirstLink);
        Assert.Equal(300u, domain.At(domain.First)!.SecurityParameterIndex);

        // The keys differ: neither believes the other, and both say so.
        domain.World.Move(domain.Node, domain.SecondLink);
        domain.Pass(60);
        Assert.Null(domain.At(domain.Second));
        Assert.Contains(domain.EventsOf(domain.Second, EventKind.SecurityException), happened => happened.Drop == DropReason.BadAuthenticator);
        Assert.Contains(domain.EventsOf(domain.Node, EventKind.SecurityException), happened => happened.Drop == DropReason.BadAuthenticator);
    }

    [Fact]
    public void Forged_advertisements_do_not_fill_its_memory_nor_take_it_from_its_agent()
    {
        using var domain = new MobileIPv4Domain();
        domain.Visit(domain.First, domain.FirstLink);
        for (uint number = 0; number < 1000; number++)
        {
            Say(domain, 1, Address.FromIPv4(0xC0000300 + number), "203.0.113.66");
        }

        domain.Pass(600);
        Assert.Equal("198.51.1.1", domain.AtNode!.CareOfAddress.ToString());
        Assert.True(domain.EventsOf(domain.Node, EventKind.AgentDiscovered).Count() <= 16);
        Assert.Equal(0, domain.World.Faults);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void On_bad_links_it_moves_about_and_comes_home(ulong seed)
    {
        using var domain = new MobileIPv4Domain(seed);
        domain.World.DefaultLink = Link.Default with { Loss = 0.3, Duplication = 0.3, Reordering = 0.3 };
        foreach (var link in domain.World.SharedLinks)
        {
            link.LossPercent = 30;
        }

        foreach (var (agent, link) in ((ForeignAgent, SharedLink)[])[(domain.First, domain.FirstLink), (domain.Second, domain.SecondLink), (domain.First, domain.FirstLink)])
        {
            domain.Visit(agent, link, 600);
        }

        domain.World.Move(domain.Node, domain.HomeLink);
        Assert.True(domain.Until(() => domain.AtHomeAgent is null && domain.AtNode is null, 600));
        domain.Pass(600);
        Assert.Equal((0, 0, 0L), (domain.First.BindingCount, domain.Second.BindingCount, domain.World.Faults));
        Assert.Empty(domain.World.Tunnels.Snapshot());
    }

    private static long Solicitations(MobileIPv4Domain domain) =>
        domain.World.Query(domain.Node, _ => domain.Node.Counters[MessageKind.AgentSolicitation, Direction.Sent]);

    private static long Requests(MobileIPv4Domain domain) =>
        domain.World.Query(domain.Node, _ => domain.Node.Counters[MessageKind.RegistrationRequest, Direction.Sent]);

    /// <summary>An advertisement on the first link, forged or not.</summary>
    private static void Say(MobileIPv4Domain domain, ushort number, Address? source = null, Address? careOf = null)
    {
        domain.World.Inject(domain.FirstLink, PacketComposer.Compose(
            new IPv4Header { Source = source ?? "198.51.1.1", Destination = "224.0.0.1", TimeToLive = 1 },
            new IcmpV4RouterAdvertisement
            {
                Lifetime = 30,
                Extensions =
                [
                    new MobilityAgentAdvertisementExtension
                    {
                        SequenceNumber = number, RegistrationLifetime = 36000, ForeignAgent = true, CareOfAddresses = [careOf ?? "198.51.1.1"],
                    },
                ],
            }).Span);
        domain.Pass(0.01);
    }
}
