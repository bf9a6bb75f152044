using System.Collections;
using System.Management.Automation;
using DsmipTools.Engine;
using DsmipTools.Engine.MobileIPv4;
using DsmipTools.Hosting;
using DsmipTools.PowerShell.Infrastructure;
using DsmipTools.PowerShell.Infrastructure.Arguments;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobileIPv4;

namespace DsmipTools.PowerShell.Agents;

/// <summary>Adds a Mobile IPv4 home agent to the session.</summary>
[Cmdlet(VerbsCommon.New, "DsmipHomeAgent", SupportsShouldProcess = true)]
[OutputType(typeof(HostedHomeAgent))]
public sealed class NewDsmipHomeAgentCommand : NewAgentCmdlet
{
    /// <summary>The UDP port.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateRange(1, 65535)]
    public int Port { get; set; } = MobileIPv4Message.Port;

    /// <summary>The home network.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true)]
    public IPv4Network HomeNetwork { get; set; }

    /// <summary>The ranges in which every mobile node may register prefixes.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public Prefix[] IPv6Prefix { get; set; } = [];

    /// <summary>The prefixes that belong to one home address.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public Hashtable AssignedPrefix { get; set; } = [];

    /// <summary>The longest lifetime granted.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [DurationArgument]
    public TimeSpan MaximumLifetime { get; set; } = HomeAgentOptions.DefaultMaximumLifetime;

    /// <summary>How many prefixes one mobile node may register.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateRange(0, HomeAgent.MaximumPrefixRequests)]
    public int MaximumPrefixes { get; set; } = 64;

    /// <summary>Tunnels IPv6 to the home address always.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public SwitchParameter IgnoreTunnelingMode { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (!HomeNetwork.IsCanonical)
        {
            WriteError(
                $"-HomeNetwork: {HomeNetwork} has bits set beyond its length. Did you mean {Network(HomeNetwork)}?",
                ErrorIds.PrefixHasHostBits,
                ErrorCategory.InvalidArgument,
                HomeNetwork);
            return;
        }

        List<KeyValuePair<Address, Prefix>> assignments = [];
        if (!HaveNoHostBits(IPv6Prefix, nameof(IPv6Prefix))
            || !Try(AssignedPrefix, () => assignments.AddRange(Assignments()))
            || !HaveNoHostBits(assignments.Select(pair => pair.Value), nameof(AssignedPrefix)))
        {
            return;
        }

        Add(AgentKind.HomeAgent, Port, place => Agents.Add(
            new HomeAgentOptions
            {
                Name = Name,
                Address = LocalAddress,
                Port = (ushort)Port,
                HomeNetwork = HomeNetwork,
                PrefixPolicy = new ConfiguredPrefixes(IPv6Prefix, assignments),
                MaximumLifetime = MaximumLifetime,
                MaximumPrefixes = MaximumPrefixes,
                AllowCareOfAddressTunneling = !IgnoreTunnelingMode,
            },
            Start,
            place));
    }

    private static IPv4Network Network(IPv4Network network)
    {
        var mask = network.Length == 0 ? 0 : uint.MaxValue << (32 - network.Length);
        return network with { Address = Wire.Ip.Address.FromIPv4((uint)network.Address.Value & mask) };
    }

    private IEnumerable<KeyValuePair<Address, Prefix>> Assignments()
    {
        foreach (DictionaryEntry entry in AssignedPrefix)
        {
            if (!Wire.Ip.Address.TryParse(entry.Key.ToString(), null, out var homeAddress) || !homeAddress.IsIPv4)
            {
                throw new ArgumentException($"-AssignedPrefix: '{entry.Key}' is not an IPv4 home address.");
            }

            foreach (var value in LanguagePrimitives.GetEnumerable(entry.Value) ?? new[] { entry.Value })
            {
                yield return Prefix.TryParse($"{value}", null, out var prefix)
                    ? KeyValuePair.Create(homeAddress, prefix)
                    : throw new ArgumentException($"-AssignedPrefix: '{value}' is not an IPv6 prefix such as 2001:db8:7:1::/64.");
            }
        }
    }
}
