using System.Collections;
using DsmipTools.Hosting;

namespace DsmipTools.PowerShell.Infrastructure.Completion;

/// <summary>Offers the names of captures.</summary>
public sealed class CaptureNameCompleter : LiveValueCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Text, string ToolTip)> Candidates(DsmipHost host, IDictionary bound)
    {
        ArgumentNullException.ThrowIfNull(host);
        return host.Captures.List().Select(capture => (capture.Name, $"{capture.Interface} {capture.Filter}, {capture.State}"));
    }
}
