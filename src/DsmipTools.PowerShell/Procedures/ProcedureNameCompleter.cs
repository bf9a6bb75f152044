using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace DsmipTools.PowerShell.Procedures;

/// <summary>Offers the names of the module's procedures.</summary>
public sealed class ProcedureNameCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var word = (wordToComplete ?? "").Trim('\'', '"');
        return ProcedureCatalog.Paths()
            .Where(path => Path.GetFileName(path).StartsWith(word, StringComparison.OrdinalIgnoreCase))
            .Select(path => (Name: Path.GetFileNameWithoutExtension(path), ToolTip: ToolTip(path)))
            .Select(procedure => new CompletionResult(procedure.Name, procedure.Name, CompletionResultType.ParameterValue, procedure.ToolTip));
    }

    private static string ToolTip(string path)
    {
        try
        {
            return ProcedureCatalog.Read(path).Synopsis is { Length: > 0 } synopsis ? synopsis : path;
        }
        catch (Exception exception) when (exception is ParseException or FormatException or IOException or UnauthorizedAccessException)
        {
            return exception.Message;
        }
    }
}
