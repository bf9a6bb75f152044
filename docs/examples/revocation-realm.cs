#:project ../../src/DsmipTools/DsmipTools.csproj
#:property PublishAot=false
// Revokes the bindings of one realm at three gateways: simulated with one packet in ten lost, then over loopback sockets.
// dotnet run docs/examples/revocation-realm.cs
using DsmipTools;
using DsmipTools.Engine.ProxyMobileIPv6;
using DsmipTools.Engine.Revocation;
using DsmipTools.Hosting;
using DsmipTools.Labs;
using DsmipTools.Wire.Ip;
using DsmipTools.Worlds;

string[] realms = ["example.com", "example.org", "example.com", "example.org", "example.com", "sub.example.com"];
var root = AppContext.GetData("EntryPointFileDirectoryPath") as string is { } folder ? Path.Combine(folder, "..", "..") : ".";
var passed = await Run(World.Simulated, "simulated", 42) & await Run(World.Loopback, "loopback", 0);
return passed ? 0 : 1;

async Task<bool> Run(World world, string folder, ulong seed)
{
    var output = Path.GetFullPath(Path.Combine(root, "out", "demo", folder));
    await using var lab = new Lab("revocation-realm", world, seed, output);
    if (world == World.Simulated) lab.Link = new Link { Loss = 0.1, Latency = TimeSpan.FromMilliseconds(10) };
    var lma = lab.Host.Add(new LocalMobilityAnchorOptions
    {
        Name = "lma1", Address = "127.58.47.10", PrefixPool = Prefix.Parse("2001:db8:100::/40"),
        Revocation = new RevocationVariables { MaximumRetries = 25 }, // no seed loses all of them
    });
    var mags = Enumerable.Range(1, 3).Select(number => lab.Host.Add(new MobileAccessGatewayOptions
    {
        Name = $"mag{number}", Address = $"127.58.47.{10 + number}", LocalMobilityAnchor = lma.Address,
        Retransmission = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), 25),
    })).ToArray();
    for (var number = 0; number < 300; number++)
        await mags[number % 3].AttachAsync($"mn{number}@{realms[number / 3 % realms.Length]}");

    Console.WriteLine($"\n{world}, seed {seed}\n  bindings before: {Count(lma)}");
    var revoked = 0;
    await foreach (var outcome in lma.RevokeAsync(Revocation.Realm("example.com")))
    {
        revoked += outcome.BindingsRevoked;
        Console.WriteLine($"  {outcome.Peer}: {outcome.Result}, {outcome.BindingsRevoked} bindings revoked, {outcome.Attempts} sent");
    }

    Console.WriteLine($"  bindings after:  {Count(lma)}\n  capture: {lab.Result().Captures[0]}");
    return revoked == 150 && ((HostedAgent[])[lma, .. mags]).All(agent => !agent.Bindings().Any(binding => binding.Identifier!.EndsWith("@example.com")));
}

static string Count(HostedAgent agent) => string.Join(", ", agent.Bindings()
    .GroupBy(binding => binding.Identifier!.Split('@')[1]).OrderBy(realm => realm.Key).Select(realm => $"{realm.Count()} of {realm.Key}"));
