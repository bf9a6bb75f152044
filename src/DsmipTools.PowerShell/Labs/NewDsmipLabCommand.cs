using System.Globalization;
using System.Management.Automation;
using DsmipTools.Labs;
using DsmipTools.PowerShell.Infrastructure;

namespace DsmipTools.PowerShell.Labs;

/// <summary>Opens a lab: a network of its own, for nodes and links.</summary>
[Cmdlet(VerbsCommon.New, "DsmipLab", SupportsShouldProcess = true)]
[OutputType(typeof(Lab))]
public sealed class NewDsmipLabCommand : DsmipCmdlet
{
    /// <summary>The name of the lab.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>Where the lab is.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public World World { get; set; } = World.Simulated;

    /// <summary>What random numbers come from.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public ulong Seed { get; set; } = 1;

    /// <summary>The folder for captures.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? Capture { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (World is not (World.Simulated or World.Namespace))
        {
            WriteError($"The {World} world has no nodes and links: choose Simulated or Namespace.", ErrorIds.InvalidArgument, ErrorCategory.InvalidArgument, World);
            return;
        }

        if (Name is not null && Agents.Labs.Find(Name) is { } taken)
        {
            WriteError($"There is a lab with the name {taken.Name} already.", ErrorIds.LabNameTaken, ErrorCategory.ResourceExists, Name);
            return;
        }

        var name = Name ?? Enumerable.Range(1, int.MaxValue).Select(number => string.Create(CultureInfo.InvariantCulture, $"lab{number}")).First(free => Agents.Labs.Find(free) is null);
        var folder = Capture is null ? null : SessionState.Path.GetUnresolvedProviderPathFromPSPath(Capture);
        if (ShouldProcess($"{name}, {World}", "New lab") && Try(name, () => Agents.Labs.Add(name, World, Seed, folder), out var lab))
        {
            WriteObject(lab);
        }
    }
}
