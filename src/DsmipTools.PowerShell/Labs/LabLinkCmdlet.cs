using System.Management.Automation;
using DsmipTools.Labs;
using DsmipTools.PowerShell.Infrastructure.Arguments;
using DsmipTools.Worlds;

namespace DsmipTools.PowerShell.Labs;

/// <summary>The base of the cmdlets that say what a link does to packets.</summary>
public abstract class LabLinkCmdlet : LabCmdlet
{
    /// <summary>How long a packet takes.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [DurationArgument]
    public TimeSpan Latency { get; set; }

    /// <summary>How much at most is added to the latency.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [DurationArgument]
    public TimeSpan Jitter { get; set; }

    /// <summary>The share of packets that are lost.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateRange(0.0, 1.0)]
    public double Loss { get; set; }

    /// <summary>The share of packets that arrive twice.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateRange(0.0, 1.0)]
    public double Duplication { get; set; }

    /// <summary>The share of packets that later ones overtake.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateRange(0.0, 1.0)]
    public double Reordering { get; set; }

    /// <summary>The share of packets that arrive with one bit changed.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateRange(0.0, 1.0)]
    public double Corruption { get; set; }

    /// <summary>Bits a second.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [RateArgument]
    [ValidateRange(0L, long.MaxValue)]
    public long Rate { get; set; }

    /// <summary>How many packets wait at most where there is a rate.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateRange(1, int.MaxValue)]
    public int QueueLimit { get; set; }

    /// <summary>The longest packet.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateRange(LabLinkOptions.MinimumMtu, LabLinkOptions.MaximumMtu)]
    public int Mtu { get; set; } = LabLinkOptions.DefaultMtu;

    /// <summary>True for a parameter that was given.</summary>
    private protected bool IsGiven(string name) => MyInvocation.BoundParameters.ContainsKey(name);

    /// <summary>What was given, and for the rest what there is; null where nothing was given.</summary>
    private protected Link? Conditions(Link rest)
    {
        var link = rest;
        link = IsGiven(nameof(Latency)) ? link with { Latency = Latency } : link;
        link = IsGiven(nameof(Jitter)) ? link with { Jitter = Jitter } : link;
        link = IsGiven(nameof(Loss)) ? link with { Loss = Loss } : link;
        link = IsGiven(nameof(Duplication)) ? link with { Duplication = Duplication } : link;
        link = IsGiven(nameof(Reordering)) ? link with { Reordering = Reordering } : link;
        link = IsGiven(nameof(Corruption)) ? link with { Corruption = Corruption } : link;
        link = IsGiven(nameof(Rate)) ? link with { Rate = Rate == 0 ? null : Rate } : link;
        link = IsGiven(nameof(QueueLimit)) ? link with { QueueLimit = QueueLimit } : link;
        return ReferenceEquals(link, rest) ? null : link;
    }
}
