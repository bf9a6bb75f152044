using System.Collections;
using DsmipTools.Engine.Diagnostics;
using DsmipTools.Hosting;

namespace DsmipTools.PowerShell.Infrastructure.Completion;

/// <summary>Offers kinds of events.</summary>
public sealed class EventKindCompleter : LiveValueCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Text, string ToolTip)> Candidates(DsmipHost host, IDictionary bound) =>
        Enum.GetNames<EventKind>().Select(kind => (kind, kind));
}
