using DsmipTools.Worlds;

namespace DsmipTools.Labs;

/// <summary>What a world does for the nodes and links of a lab. The lab calls one thing at a time.</summary>
internal abstract class LabWorld : IDisposable
{
    /// <summary>What links do to packets unless something else is said.</summary>
    public abstract Link DefaultConditions { get; }

    /// <summary>Makes a node.</summary>
    public abstract void Open(LabNode node);

    /// <summary>Makes a link on which nobody is.</summary>
    public abstract void Open(LabLink link);

    /// <summary>Takes away a link on which nobody is any more.</summary>
    public abstract void Close(LabLink link);

    /// <summary>Makes the interface of an attachment, on no link yet.</summary>
    public abstract LabAttachment Attach(LabNode node, LabLink link);

    /// <summary>Takes the interface away.</summary>
    public abstract void Detach(LabAttachment attachment);

    /// <summary>Puts a node on a link, with addresses and routes.</summary>
    public abstract void Join(LabAttachment attachment);

    /// <summary>Takes it off, with addresses and routes.</summary>
    public abstract void Leave(LabAttachment attachment);

    /// <summary>Makes a link as its properties say.</summary>
    public abstract void Apply(LabLink link);

    /// <summary>What a link has carried.</summary>
    public abstract IReadOnlyList<LabLinkCounters> Count(LabLink link);

    public abstract void Dispose();
}
