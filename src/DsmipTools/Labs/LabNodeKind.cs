namespace DsmipTools.Labs;

/// <summary>What a node of a lab does with packets that are not for it.</summary>
public enum LabNodeKind
{
    /// <summary>It drops them.</summary>
    Host,

    /// <summary>It forwards them.</summary>
    Router,

    /// <summary>It forwards them, and those that leave by its outside link get its own address there (IPv4).</summary>
    Nat,
}
