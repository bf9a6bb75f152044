using DsmipTools.Engine.Bindings;

namespace DsmipTools.Hosting;

/// <summary>How the removal of a binding ended.</summary>
public enum BindingRemovalResult
{
    /// <summary>It is gone here, and at the other side where that was told.</summary>
    Removed,

    /// <summary>It was gone before.</summary>
    NotFound,

    /// <summary>The other side was told, and did not agree: the binding stays.</summary>
    Refused,

    /// <summary>The other side was told, and did not confirm it: the binding is gone here, and may still be there.</summary>
    NotConfirmed,
}

/// <summary>What came of the removal of a binding.</summary>
/// <param name="Binding">The binding as it stood.</param>
/// <param name="Result">How it ended.</param>
/// <param name="Detail">The answer of the other side, as text for a person; null where there was none.</param>
public sealed record BindingRemoval(BindingSnapshot Binding, BindingRemovalResult Result, string? Detail = null);
