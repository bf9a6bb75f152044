using System.Globalization;
using System.Management.Automation;

namespace DsmipTools.PowerShell.Procedures;

/// <summary>What went wrong in a script, as one line that says where.</summary>
internal static class ErrorText
{
    public static string Of(RuntimeException exception)
    {
        // A command that was told to stop at its first error wraps that error.
        var record = exception is ActionPreferenceStopException { ErrorRecord: { } first } ? first : exception.ErrorRecord;
        var message = record?.ErrorDetails?.Message ?? record?.Exception.Message ?? exception.Message;
        var place = (record ?? exception.ErrorRecord)?.InvocationInfo;
        return place is { ScriptLineNumber: > 0, ScriptName: { Length: > 0 } script }
            ? string.Create(CultureInfo.InvariantCulture, $"{message} ({Path.GetFileName(script)}, line {place.ScriptLineNumber})")
            : message;
    }
}
