#:project ../../src/DsmipTools/DsmipTools.csproj
#:property PublishAot=false
// A mobile node registers two IPv6 prefixes with its home agent (RFC 5454), renews, and de-registers; in virtual time.
// dotnet run docs/examples/registration.cs
using DsmipTools;
using DsmipTools.Engine.MobileIPv4;
using DsmipTools.Engine.Security;
using DsmipTools.Wire.Ip;

await using var host = new DsmipHost(World.Simulated, seed: 42);
var association = new SecurityAssociation(256, "10.1.1.7", "1234567812345678"u8);
host.SecurityAssociations.Add(association);
var homeAgent = host.Add(new HomeAgentOptions
{
    Name = "ha1",
    Address = "192.0.2.1",
    HomeNetwork = "10.1.1.0/24",
    PrefixPolicy = new ConfiguredPrefixes(["2001:db8:7::/48"]),
});
var node = host.Add(new MobileNodeOptions
{
    Name = "mn7",
    HomeAddress = association.HomeAddress,
    HomeAgent = new Endpoint(homeAgent.Address, homeAgent.Port),
    CareOfAddress = "198.51.100.7",
    SecurityAssociation = association,
    IPv6Prefixes = ["2001:db8:7:1::/64", Prefix.Parse("2001:db8:ffff::/64")],
    TunnelingMode = TunnelingMode.CareOfAddress,
    Lifetime = TimeSpan.FromMinutes(5),
});

var outcome = await node.RegisterAsync();
Console.WriteLine($"{outcome.Result}, code {outcome.Code}, for {outcome.LifetimeGranted}, in {outcome.RoundTripTime.TotalMilliseconds} ms");
foreach (var prefix in outcome.Prefixes) Console.WriteLine($"  {prefix}");

await host.Runtime.Delay(TimeSpan.FromHours(1)); // a moment of real time
Console.WriteLine($"after an hour: {homeAgent.BindingCount} binding, {homeAgent.Bindings()[0].LifetimeRemaining} left");

await node.DeregisterAsync();
Console.WriteLine($"after de-registration: {homeAgent.BindingCount} bindings");
return outcome.Result == RegistrationResult.Accepted && homeAgent.BindingCount == 0 ? 0 : 1;
