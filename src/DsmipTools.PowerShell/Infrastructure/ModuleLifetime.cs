using System.Management.Automation;

namespace DsmipTools.PowerShell.Infrastructure;

/// <summary>Counts imports, so that the last removal stops all agents.</summary>
public sealed class ModuleLifetime : IModuleAssemblyInitializer, IModuleAssemblyCleanup
{
    /// <inheritdoc/>
    public void OnImport() => DsmipSession.Imported();

    /// <inheritdoc/>
    public void OnRemove(PSModuleInfo psModuleInfo) => DsmipSession.Removed();
}
