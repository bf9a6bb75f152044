using System.Collections;
using System.Management.Automation;
using DsmipTools.Labs;
using DsmipTools.PowerShell.Infrastructure;

namespace DsmipTools.PowerShell.Procedures;

/// <summary>Runs a procedure in a lab of its own.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "DsmipProcedure", DefaultParameterSetName = NameSet, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(ProcedureResult))]
public sealed class InvokeDsmipProcedureCommand : DsmipCmdlet
{
    internal const int ActivityId = 0x5454;

    private const string NameSet = "Name";
    private const string PathSet = "Path";

    // The module's own session state knows Step and Expect, which the module does not export. Errors end a step instead of passing by.
    private static readonly ScriptBlock Runner = ScriptBlock.Create(
        "$ErrorActionPreference = 'Stop'; $Lab = $args[0]; $dsmipParameter = $args[2]; & $args[1] @dsmipParameter");

    /// <summary>The names of procedures of the module, or the paths of scripts.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = NameSet)]
    [ArgumentCompleter(typeof(ProcedureNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    /// <summary>The paths of scripts.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = PathSet)]
    [Alias("PSPath", "FullName")]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = [];

    /// <summary>Where the agents of the lab run.</summary>
    [Parameter]
    public World World { get; set; } = World.Simulated;

    /// <summary>The seed of a simulated lab.</summary>
    [Parameter]
    public ulong Seed { get; set; } = 1;

    /// <summary>The folder for the capture.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? OutputPath { get; set; }

    /// <summary>Arguments for the parameters of the script.</summary>
    [Parameter]
    public Hashtable Parameter { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var path in ParameterSetName == PathSet ? Path.Select(FileOf) : Name.Select(Find).OfType<string>())
        {
            if (Read(path) is { } procedure && HasParameters(procedure) && ShouldProcess(procedure.Name, $"Run in the world {World}"))
            {
                Run(procedure);
            }
        }
    }

    private string FileOf(string path) => SessionState.Path.GetUnresolvedProviderPathFromPSPath(path);

    private string? Find(string name)
    {
        if (ProcedureCatalog.IsPath(name))
        {
            return FileOf(name);
        }

        if (ProcedureCatalog.Find(name) is { } found)
        {
            return found;
        }

        WriteError(
            $"There is no procedure '{name}' in {ProcedureCatalog.Folder}. Get-DsmipProcedure lists them.",
            ErrorIds.ProcedureNotFound, ErrorCategory.ObjectNotFound, name);
        return null;
    }

    private ProcedureInfo? Read(string path)
    {
        try
        {
            return ProcedureCatalog.Read(path);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            WriteError($"There is no procedure '{path}'.", ErrorIds.ProcedureNotFound, ErrorCategory.ObjectNotFound, path);
        }
        catch (Exception exception) when (exception is ParseException or FormatException)
        {
            WriteError(new ErrorRecord(exception, ErrorIds.InvalidProcedure, ErrorCategory.ParserError, path));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            WriteError(new ErrorRecord(exception, ErrorIds.FileError, ErrorCategory.ReadError, path));
        }

        return null;
    }

    /// <summary>A simple script takes what it has no parameter for without a word, and would pass with its defaults instead.</summary>
    private bool HasParameters(ProcedureInfo procedure)
    {
        var unknown = Parameter.Keys.Cast<object>().Select(key => $"{key}").Except(procedure.Parameters, StringComparer.OrdinalIgnoreCase).ToArray();
        if (unknown.Length == 0)
        {
            return true;
        }

        var known = procedure.Parameters.Count == 0 ? "it has none" : $"it has {string.Join(", ", procedure.Parameters)}";
        WriteError(
            $"The procedure {procedure.Name} has no parameter {string.Join(", ", unknown)}; {known}.",
            ErrorIds.InvalidArgument, ErrorCategory.InvalidArgument, Parameter);
        return false;
    }

    private void Run(ProcedureInfo procedure)
    {
        if (!procedure.Worlds.Contains(World))
        {
            WriteObject(Skipped(procedure));
            return;
        }

        Lab lab;
        try
        {
            lab = new Lab(procedure.Name, World, Seed, OutputPath is null ? null : FileOf(OutputPath));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            WriteError(new ErrorRecord(exception, ErrorIds.FileError, ErrorCategory.WriteError, OutputPath));
            return;
        }

        ProcedureResult result;
        try
        {
            Run(procedure, lab);
            result = lab.Result();
        }
        finally
        {
            // Also after Ctrl+C: the agents of a lab do not outlive it.
            lab.DisposeAsync().AsTask().GetAwaiter().GetResult();
            WriteDone(lab);
        }

        WriteObject(result);
    }

    private void Run(ProcedureInfo procedure, Lab lab)
    {
        // To a procedure that runs another one, this command belongs to the nested module, which knows no Step.
        var module = ProcedureRun.Current?.Module ?? MyInvocation.MyCommand.Module
            ?? throw new InvalidOperationException("Import the module by its manifest, DsmipTools.psd1.");
        var run = new ProcedureRun(lab, module);
        var at = lab.Elapsed;
        using var labsHost = DsmipSession.Enter(lab.Host);
        using var current = run.Enter();
        try
        {
            var leftOver = ValueText.Of(module.Invoke(Runner, lab, procedure.Path, Parameter));
            if (leftOver.Length > 0)
            {
                WriteVerbose($"{procedure.Name} put on the pipeline: {leftOver}");
            }
        }
        catch (PipelineStoppedException)
        {
            throw;
        }
        catch (RuntimeException exception) when (IsStopped(exception))
        {
            // The step that failed has been noted.
        }
        catch (RuntimeException exception)
        {
            run.Note("outside of any step", StepOutcome.Failed, at, null, ErrorText.Of(exception));
        }
    }

    private static bool IsStopped(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            if (exception is ProcedureStoppedException)
            {
                return true;
            }
        }

        return false;
    }

    private ProcedureResult Skipped(ProcedureInfo procedure) => new()
    {
        Name = procedure.Name,
        World = World,
        Seed = Seed,
        Outcome = StepOutcome.Skipped,
        Steps =
        [
            new ProcedureStep
            {
                Name = procedure.Name,
                Outcome = StepOutcome.Skipped,
                Actual = $"Needs the world {string.Join(" or ", procedure.Worlds)}; this one is {World}.",
                At = TimeSpan.Zero,
                Duration = TimeSpan.Zero,
            },
        ],
        Captures = [],
        Duration = TimeSpan.Zero,
    };

    private void WriteDone(Lab lab)
    {
        if (!Cancellation.IsCancellationRequested)
        {
            WriteProgress(new ProgressRecord(ActivityId, $"{lab.Name} ({lab.World})", "Done") { RecordType = ProgressRecordType.Completed });
        }
    }
}
