using System.Management.Automation;
using DsmipTools.Labs;
using DsmipTools.PowerShell.Infrastructure.Completion;

namespace DsmipTools.PowerShell.Labs;

/// <summary>Takes nodes off a link and puts them on another one.</summary>
[Cmdlet(VerbsCommon.Move, "DsmipLabNode", SupportsShouldProcess = true)]
[OutputType(typeof(LabNode))]
public sealed class MoveDsmipLabNodeCommand : LabCmdlet
{
    /// <summary>The names of the nodes.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(LabNodeNameCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>The link that they come to.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(LabLinkNameCompleter))]
    public string To { get; set; } = "";

    /// <summary>The link that they leave.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(LabLinkNameCompleter))]
    public string? From { get; set; }

    /// <summary>The addresses that a node has there.</summary>
    [Parameter]
    [ValidateNotNull]
    public InterfaceAddress[] Address { get; set; } = [];

    /// <summary>The routes that it has there.</summary>
    [Parameter]
    [ValidateNotNull]
    public LabRoute[] Route { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (FindLab() is not { } lab || FindLinks(lab, [WildcardPattern.Escape(To)]).FirstOrDefault() is not { } to)
        {
            return;
        }

        var from = From is null ? null : FindLinks(lab, [WildcardPattern.Escape(From)]).FirstOrDefault();
        if (From is not null && from is null)
        {
            return;
        }

        foreach (var node in FindNodes(lab, Name))
        {
            if (ShouldProcess($"{node.Name} in {lab.Name}", $"Move node to {to.Name}") && Try(node, () => lab.Move(node, to, from, Address, Route), out _))
            {
                WriteObject(node);
            }
        }
    }
}
