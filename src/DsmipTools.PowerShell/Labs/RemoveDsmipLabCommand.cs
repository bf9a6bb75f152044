using System.Management.Automation;
using DsmipTools.Labs;
using DsmipTools.PowerShell.Infrastructure.Arguments;
using DsmipTools.PowerShell.Infrastructure.Completion;

namespace DsmipTools.PowerShell.Labs;

/// <summary>Ends labs, or removes what ended processes have left behind.</summary>
[Cmdlet(VerbsCommon.Remove, "DsmipLab", SupportsShouldProcess = true, DefaultParameterSetName = ByObject)]
public sealed class RemoveDsmipLabCommand : LabSelectionCmdlet
{
    private const string ByLeftover = "Orphaned";

    /// <summary>The names of the labs.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = ByName)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [TextArgument]
    [ArgumentCompleter(typeof(LabNameCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>The labs.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByObject)]
    [ValidateNotNull]
    public Lab[] InputObject { get; set; } = [];

    /// <summary>What processes have left behind.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByLeftover)]
    [ValidateNotNull]
    public LabLeftover[] Orphan { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == ByLeftover)
        {
            foreach (var leftover in Orphan)
            {
                if (ShouldProcess($"{leftover}", "Remove orphan"))
                {
                    Try(leftover, leftover.Remove);
                }
            }

            return;
        }

        foreach (var lab in ParameterSetName == ByObject ? InputObject : Find(Name))
        {
            if (ShouldProcess($"{lab.Name}, {lab.World}", "Remove lab"))
            {
                Try(lab, () => Agents.Labs.RemoveAsync(lab).GetAwaiter().GetResult());
            }
        }
    }
}
