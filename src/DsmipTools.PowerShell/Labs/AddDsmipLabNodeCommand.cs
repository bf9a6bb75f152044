using System.Management.Automation;
using DsmipTools.Labs;
using DsmipTools.PowerShell.Infrastructure;

namespace DsmipTools.PowerShell.Labs;

/// <summary>Adds nodes to a lab.</summary>
[Cmdlet(VerbsCommon.Add, "DsmipLabNode", SupportsShouldProcess = true)]
[OutputType(typeof(LabNode))]
public sealed class AddDsmipLabNodeCommand : LabCmdlet
{
    /// <summary>The names of the nodes.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    /// <summary>What they do with packets that are not for them.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    public LabNodeKind Kind { get; set; }

    /// <summary>The link that is the outside of a NAT.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? Outside { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (FindLab() is not { } lab)
        {
            return;
        }

        foreach (var name in Name)
        {
            if (lab.FindNode(name) is { } taken)
            {
                WriteError($"There is a node with the name {taken.Name} in the lab {lab.Name} already.", ErrorIds.LabNodeNameTaken, ErrorCategory.ResourceExists, name);
            }
            else if (ShouldProcess($"{name} in {lab.Name}, {Kind}", "Add node") && Try(name, () => lab.AddNode(name, Kind, Outside), out var node))
            {
                WriteObject(node);
            }
        }
    }
}
