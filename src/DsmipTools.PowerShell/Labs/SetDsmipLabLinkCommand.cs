using System.Management.Automation;
using DsmipTools.Labs;
using DsmipTools.PowerShell.Infrastructure.Completion;

namespace DsmipTools.PowerShell.Labs;

/// <summary>Changes what links do to packets, while they run.</summary>
[Cmdlet(VerbsCommon.Set, "DsmipLabLink", SupportsShouldProcess = true)]
[OutputType(typeof(LabLink))]
public sealed class SetDsmipLabLinkCommand : LabLinkCmdlet
{
    /// <summary>The names of the links.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(LabLinkNameCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>Whether they carry anything.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public LabLinkState State { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (FindLab() is not { } lab)
        {
            return;
        }

        foreach (var link in FindLinks(lab, Name))
        {
            if (ShouldProcess($"{link.Name} in {lab.Name}", "Set link") && Try(link, () => Change(lab, link)))
            {
                WriteObject(link);
            }
        }
    }

    private void Change(Lab lab, LabLink link) => lab.Change(
        link, Conditions(link.Conditions), IsGiven(nameof(Mtu)) ? Mtu : null, IsGiven(nameof(State)) ? State == LabLinkState.Up : null);
}
