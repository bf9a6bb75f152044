using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using DsmipTools.Engine.Forwarding;
using DsmipTools.Labs;
using DsmipTools.PowerShell.Infrastructure;
using DsmipTools.PowerShell.Infrastructure.Completion;
using DsmipTools.Worlds;

namespace DsmipTools.PowerShell.Labs;

/// <summary>Joins nodes of a lab by a link.</summary>
[Cmdlet(VerbsCommon.Add, "DsmipLabLink", SupportsShouldProcess = true)]
[OutputType(typeof(LabLink))]
public sealed class AddDsmipLabLinkCommand : LabLinkCmdlet
{
    /// <summary>The name of the link.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "";

    /// <summary>The nodes that it joins.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(LabNodeNameCompleter))]
    public string[] Node { get; set; } = [];

    /// <summary>The prefixes that nodes get addresses of.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNull]
    public Destination[] Prefix { get; set; } = [];

    /// <summary>The node that the others send to what is elsewhere.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(LabNodeNameCompleter))]
    public string? Gateway { get; set; }

    /// <summary>Addresses of nodes, by their names.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNull]
    [SuppressMessage("Usage", "CA2227", Justification = "A parameter.")]
    public Hashtable Address { get; set; } = [];

    /// <summary>Routes of nodes, by their names.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNull]
    [SuppressMessage("Usage", "CA2227", Justification = "A parameter.")]
    public Hashtable Route { get; set; } = [];

    /// <summary>The pcapng file for its frames.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? Capture { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (FindLab() is not { } lab)
        {
            return;
        }

        if (lab.FindLink(Name) is { } taken)
        {
            WriteError($"There is a link with the name {taken.Name} in the lab {lab.Name} already.", ErrorIds.LabLinkNameTaken, ErrorCategory.ResourceExists, Name);
            return;
        }

        var nodes = FindNodes(lab, Node).Select(node => node.Name).ToArray();
        if (nodes.Length < Node.Length || !ShouldProcess($"{Name} in {lab.Name}: {string.Join(", ", nodes)}", "Add link"))
        {
            return;
        }

        if (Try(Name, () => lab.AddLink(Options(lab, nodes)), out var link))
        {
            WriteObject(link);
        }
    }

    private static T[] Of<T>(Hashtable byNode, string node)
        where T : IParsable<T>
    {
        var found = byNode.Keys.Cast<object>().FirstOrDefault(key => string.Equals($"{key}", node, StringComparison.OrdinalIgnoreCase)) is { } key ? byNode[key] : null;
        found = Infrastructure.Arguments.Arguments.Unwrap(found);
        var values = found is null ? [] : found is not string && found is IEnumerable many ? many.Cast<object>() : [found];
        try
        {
            return [.. values.Select(value => T.Parse($"{value}", null))];
        }
        catch (FormatException exception)
        {
            throw new ArgumentException(exception.Message, exception);
        }
    }

    private LabLinkOptions Options(Lab lab, string[] nodes)
    {
        if (Address.Keys.Cast<object>().Concat(Route.Keys.Cast<object>()).FirstOrDefault(key => !nodes.Contains($"{key}", StringComparer.OrdinalIgnoreCase)) is { } stranger)
        {
            throw new ArgumentException($"{stranger} is none of the nodes of the link.");
        }

        return new LabLinkOptions
        {
            Name = Name,
            Members = [.. nodes.Select(node => new LabMember(node) { Addresses = Of<InterfaceAddress>(Address, node), Routes = Of<LabRoute>(Route, node) })],
            Prefixes = Prefix,
            Gateway = Gateway,
            Conditions = Conditions(lab.DefaultConditions),
            Mtu = Mtu,
            CapturePath = Capture is null ? null : SessionState.Path.GetUnresolvedProviderPathFromPSPath(Capture),
        };
    }
}
