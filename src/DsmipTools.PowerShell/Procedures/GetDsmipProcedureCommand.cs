using System.Management.Automation;
using DsmipTools.Labs;
using DsmipTools.PowerShell.Infrastructure;

namespace DsmipTools.PowerShell.Procedures;

/// <summary>Lists the procedures that come with the module.</summary>
[Cmdlet(VerbsCommon.Get, "DsmipProcedure")]
[OutputType(typeof(ProcedureInfo))]
public sealed class GetDsmipProcedureCommand : DsmipCmdlet
{
    /// <summary>The names; wildcards are allowed.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ProcedureNameCompleter))]
    [SupportsWildcards]
    public string[] Name { get; set; } = ["*"];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var paths = ProcedureCatalog.Paths().ToArray();
        foreach (var name in Name)
        {
            var pattern = new WildcardPattern(name, WildcardOptions.IgnoreCase);
            var found = paths.Where(path => pattern.IsMatch(Path.GetFileNameWithoutExtension(path))).ToArray();
            if (found.Length == 0 && !WildcardPattern.ContainsWildcardCharacters(name))
            {
                WriteError($"There is no procedure '{name}' in {ProcedureCatalog.Folder}.", ErrorIds.ProcedureNotFound, ErrorCategory.ObjectNotFound, name);
            }

            foreach (var path in found)
            {
                Write(path);
            }
        }
    }

    private void Write(string path)
    {
        try
        {
            WriteObject(ProcedureCatalog.Read(path));
        }
        catch (Exception exception) when (exception is ParseException or FormatException or IOException or UnauthorizedAccessException)
        {
            WriteError(new ErrorRecord(exception, ErrorIds.InvalidProcedure, ErrorCategory.ParserError, path));
        }
    }
}
