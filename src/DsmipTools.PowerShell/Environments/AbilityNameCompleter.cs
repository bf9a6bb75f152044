using System.Collections;
using DsmipTools.Abilities;
using DsmipTools.Hosting;
using DsmipTools.PowerShell.Infrastructure.Completion;

namespace DsmipTools.PowerShell.Environments;

/// <summary>Offers the names of what a host can do.</summary>
public sealed class AbilityNameCompleter : LiveValueCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Text, string ToolTip)> Candidates(DsmipHost host, IDictionary bound) =>
        HostAbilities.Names.Select(name => (name, name));
}
