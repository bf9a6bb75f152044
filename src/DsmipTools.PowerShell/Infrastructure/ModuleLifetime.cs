using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace DsmipTools.PowerShell.Infrastructure;

/// <summary>Tells the session which runspaces use it, so that the last removal stops all agents.</summary>
public sealed class ModuleLifetime : IModuleAssemblyInitializer, IModuleAssemblyCleanup
{
    /// <inheritdoc/>
    public void OnImport() => DsmipSession.Imported(Runspace.DefaultRunspace);

    /// <inheritdoc/>
    public void OnRemove(PSModuleInfo psModuleInfo) => DsmipSession.Removed(Runspace.DefaultRunspace);
}
