using System.Management.Automation;
using DsmipTools.Labs;
using DsmipTools.PowerShell.Infrastructure.Arguments;
using DsmipTools.PowerShell.Infrastructure.Completion;

namespace DsmipTools.PowerShell.Labs;

/// <summary>Gets the labs of the session, or what ended processes have left behind.</summary>
[Cmdlet(VerbsCommon.Get, "DsmipLab", DefaultParameterSetName = ByObject)]
[OutputType(typeof(Lab), typeof(LabLeftover))]
public sealed class GetDsmipLabCommand : LabSelectionCmdlet
{
    private const string ByOrphaned = "Orphaned";

    /// <summary>The names of the labs.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = ByName)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [TextArgument]
    [ArgumentCompleter(typeof(LabNameCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>The labs.</summary>
    [Parameter(ValueFromPipeline = true, ParameterSetName = ByObject)]
    [ValidateNotNull]
    public Lab[] InputObject { get; set; } = [];

    /// <summary>Gets the labs of processes that have ended without removing them.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByOrphaned)]
    public SwitchParameter Orphaned { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (Orphaned)
        {
            if (Try(null, LabLeftover.FindAll, out var leftovers))
            {
                WriteObject(leftovers, enumerateCollection: true);
            }

            return;
        }

        var selected = ParameterSetName == ByName ? Find(Name)
            : MyInvocation.ExpectingInput || InputObject.Length > 0 ? InputObject
            : Agents.Labs.List();
        foreach (var lab in selected)
        {
            WriteObject(lab);
        }
    }
}
