using DsmipTools.Labs;

namespace DsmipTools.PowerShell.Labs;

/// <summary>A lab, or the name of one.</summary>
/// <param name="Name">The name.</param>
/// <param name="Lab">The lab; null where only its name is given.</param>
public sealed record LabReference(string Name, Lab? Lab)
{
    /// <inheritdoc/>
    public override string ToString() => Name;
}
