using System.Management.Automation;
using DsmipTools.Labs;
using DsmipTools.PowerShell.Infrastructure;
using DsmipTools.PowerShell.Infrastructure.Completion;

namespace DsmipTools.PowerShell.Labs;

/// <summary>Runs a program inside nodes of a lab.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "DsmipLabCommand", SupportsShouldProcess = true)]
[OutputType(typeof(LabCommandResult))]
public sealed class InvokeDsmipLabCommandCommand : LabCmdlet
{
    /// <summary>The names of the nodes.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("Name")]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(LabNodeNameCompleter))]
    public string[] Node { get; set; } = [];

    /// <summary>The program.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    public string FilePath { get; set; } = "";

    /// <summary>Its arguments.</summary>
    [Parameter(Position = 2, ValueFromRemainingArguments = true)]
    [ValidateNotNull]
    public string[] ArgumentList { get; set; } = [];

    /// <summary>How long it may run.</summary>
    [Parameter]
    [ValidateRange(0.001, 1e6)]
    public double? TimeoutSeconds { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (FindLab() is not { } lab)
        {
            return;
        }

        // Where this pipeline is, which need not be where the process is.
        var folder = SessionState.Path.CurrentFileSystemLocation.ProviderPath;
        var program = FilePath.Contains('/', StringComparison.Ordinal) ? SessionState.Path.GetUnresolvedProviderPathFromPSPath(FilePath) : FilePath;
        var limit = TimeoutSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : (TimeSpan?)null;
        foreach (var node in FindNodes(lab, Node))
        {
            if (!ShouldProcess($"{node.Name} in {lab.Name}", $"Run {string.Join(' ', [FilePath, .. ArgumentList])}")
                || !Try(node, () => Await(cancellation => lab.RunAsync(node, program, ArgumentList, limit, folder, cancellation)), out var result))
            {
                continue;
            }

            WriteObject(result);
            if (result.TimedOut)
            {
                WriteError($"{FilePath} in {node.Name} was ended after {TimeoutSeconds} s.", ErrorIds.Timeout, ErrorCategory.OperationTimeout, result);
            }
        }
    }
}
