namespace DsmipTools.Engine.Bindings;

/// <summary>The state of a binding as administrators see it.</summary>
public enum BindingState
{
    /// <summary>A request is under way; nothing is granted yet.</summary>
    Pending,

    /// <summary>The binding is in force.</summary>
    Active,

    /// <summary>The binding is in force and a Binding Revocation Indication for it is outstanding (RFC 5846, 7 and 8.1).</summary>
    RevocationInProgress,

    /// <summary>The binding was de-registered and is kept for MinDelayBeforeBCEDelete (RFC 5213, 5.3.5).</summary>
    Deregistered,
}
