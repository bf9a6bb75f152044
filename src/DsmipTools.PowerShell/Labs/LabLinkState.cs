namespace DsmipTools.PowerShell.Labs;

/// <summary>Whether a link carries anything.</summary>
public enum LabLinkState
{
    /// <summary>It does.</summary>
    Up,

    /// <summary>It does not, and the interfaces on it have no carrier.</summary>
    Down,
}
