using DsmipTools.Engine;
using DsmipTools.Engine.Bindings;
using DsmipTools.Engine.Diagnostics;
using DsmipTools.Engine.MobileIPv4;
using DsmipTools.Engine.Security;
using DsmipTools.Packets;
using DsmipTools.Wire.Decoding;
using DsmipTools.Wire.Ip;
using DsmipTools.Worlds;

namespace DsmipTools.Tests.Worlds;

/// <summary>A home agent with its home link, two foreign agents with a link each, and a mobile node that may be on any of them.</summary>
internal sealed class MobileIPv4Domain : IDisposable
{
    public static readonly Address Home = "10.1.1.7";

    public MobileIPv4Domain(
        ulong seed = 1, Func<ForeignAgentOptions, ForeignAgentOptions>? foreign = null, Func<MobileNodeOptions, MobileNodeOptions>? node = null,
        Func<HomeAgentOptions, HomeAgentOptions>? home = null)
    {
        World = new SimulatedWorld(seed);
        World.Capture = new PacketCapture(new MemoryStream());
        Associations.Add(Association);
        var homeOptions = new HomeAgentOptions
        {
            Name = "ha1",
            Address = "192.0.2.1",
            HomeNetwork = "10.1.1.0/24",
            PrefixPolicy = new ConfiguredPrefixes(["2001:db8:7::/48"]),
            Advertisements = new() { Interval = TimeSpan.FromSeconds(10), RouterAddresses = ["10.1.1.1/24"] },
        };
        HomeAgent = new HomeAgent(home?.Invoke(homeOptions) ?? homeOptions, Associations, World.CreateRandom("ha1"));
        foreign ??= options => options;
        First = NewForeignAgent(foreign(ForeignOptions(1)));
        Second = NewForeignAgent(foreign(ForeignOptions(2)));
        var nodeOptions = new MobileNodeOptions
        {
            Name = "mn7",
            HomeAddress = Home,
            HomeAgent = new Endpoint("192.0.2.1", 434),
            SecurityAssociation = Association,
            Lifetime = TimeSpan.FromMinutes(5),
        };
        Node = new MobileNode(node?.Invoke(nodeOptions) ?? nodeOptions, World.CreateRandom("mn7"));
        World.Add(HomeAgent);
        World.Add(First);
        World.Add(Second);
        World.Add(Node);
        World.Join(HomeAgent, HomeLink);
        World.Join(First, FirstLink);
        World.Join(Second, SecondLink);
    }

    public SimulatedWorld World { get; }

    public SecurityAssociations Associations { get; } = new();

    public SecurityAssociation Association { get; } = new(256, Home, "1234567812345678"u8);

    public HomeAgent HomeAgent { get; }

    public ForeignAgent First { get; private set; }

    public ForeignAgent Second { get; }

    public MobileNode Node { get; }

    public SharedLink HomeLink => World.FindOrAddSharedLink("home");

    public SharedLink FirstLink => World.FindOrAddSharedLink("foreign1");

    public SharedLink SecondLink => World.FindOrAddSharedLink("foreign2");

    public IReadOnlyList<AgentEvent> Events => World.Events.Last(10_000);

    public MobileIPv4Binding? AtNode => World.Query(Node, now => Node.Binding(now));

    public MobileIPv4Binding? AtHomeAgent => World.Query(HomeAgent, now => HomeAgent.Find(Home, now));

    public MobileIPv4Binding? At(ForeignAgent agent) => World.Query(agent, now => agent.Find(Home, now));

    public IReadOnlyList<BindingSnapshot> VisitorsOf(ForeignAgent agent) => World.Query(agent, now => agent.Scan(BindingFilter.All).Read(int.MaxValue, now));

    public bool Until(Func<bool> condition, double seconds = 60) => World.AdvanceUntil(condition, TimeSpan.FromSeconds(seconds));

    public void Pass(double seconds) => World.Advance(TimeSpan.FromSeconds(seconds));

    /// <summary>Moves the node onto a link and waits until it is registered there.</summary>
    public void Visit(ForeignAgent agent, SharedLink link, double seconds = 30)
    {
        World.Move(Node, link);
        Assert.True(Until(() => AtNode is { State: BindingState.Active } binding && binding.CareOfAddress == agent.LocalEndpoint.Address, seconds));
    }

    public IEnumerable<AgentEvent> EventsOf(Agent agent, EventKind kind) => Events.Where(happened => happened.Agent == agent.Name && happened.Kind == kind);

    /// <summary>All packets so far, as they were on the wire.</summary>
    public IEnumerable<DsmipPacket> Packets => World.Capture!.Read().Select(frame => DsmipPacket.From(frame, new PacketDecoder()));

    /// <summary>A foreign agent that was lost with all it knew, and another one in its place.</summary>
    public void RestartFirst()
    {
        World.Remove(First);
        First.Dispose();
        First = NewForeignAgent(First.Options);
        World.Add(First);
        World.Join(First, FirstLink);
    }

    public void Dispose()
    {
        HomeAgent.Dispose();
        First.Dispose();
        Second.Dispose();
        Node.Dispose();
    }

    private static ForeignAgentOptions ForeignOptions(int number) => new()
    {
        Name = $"fa{number}",
        Address = $"198.51.{number}.1",
        Advertisements = new() { Interval = TimeSpan.FromSeconds(10), RouterAddresses = [$"198.51.{number}.1/24"] },
    };

    private ForeignAgent NewForeignAgent(ForeignAgentOptions options) => new(options, Associations, World.CreateRandom(options.Name));
}
