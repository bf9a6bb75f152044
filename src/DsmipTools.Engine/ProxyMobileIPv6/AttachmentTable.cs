using System.Text;
using DsmipTools.Engine.Bindings;
using DsmipTools.Wire;
using DsmipTools.Wire.MobilityHeader;

namespace DsmipTools.Engine.ProxyMobileIPv6;

/// <summary>The Binding Update List of a mobile access gateway (RFC 5213, 6.1): one entry for each interface of each mobile node.</summary>
internal sealed class AttachmentTable
{
    private readonly Dictionary<NetworkAccessIdentifier, Attachment> nodes = new(NetworkAccessIdentifier.Comparer.Instance);
    private readonly Dictionary<NetworkAccessIdentifier, Attachment>.AlternateLookup<ReadOnlySpan<byte>> nodesByOctets;
    private readonly RealmIndex<Members<Attachment>> realms = new();

    public AttachmentTable() => nodesByOctets = nodes.GetAlternateLookup<ReadOnlySpan<byte>>();

    public int Count { get; private set; }

    /// <summary>The number of entries of the index of realms.</summary>
    public int Realms => realms.Count;

    /// <summary>The first attachment of a mobile node; the others follow by <see cref="Attachment.NextOfNode"/>, oldest first.</summary>
    public Attachment? Find(ReadOnlySpan<byte> identifier) => nodesByOctets.TryGetValue(identifier, out var attachment) ? attachment : null;

    /// <summary>The attachment of one interface of a mobile node (RFC 5213, 5.4.1.2).</summary>
    public Attachment? Find(ReadOnlySpan<byte> identifier, Octets linkLayerIdentifier, AccessTechnologyType technology)
    {
        var attachment = Find(identifier);
        while (attachment is not null && (attachment.LinkLayerIdentifier != linkLayerIdentifier || attachment.AccessTechnologyType != technology))
        {
            attachment = attachment.NextOfNode;
        }

        return attachment;
    }

    public List<Attachment> OfNode(ReadOnlySpan<byte> identifier)
    {
        var found = new List<Attachment>();
        for (var attachment = Find(identifier); attachment is not null; attachment = attachment.NextOfNode)
        {
            found.Add(attachment);
        }

        return found;
    }

    public List<Attachment> OfRealm(ReadOnlySpan<byte> realm)
    {
        var found = new List<Attachment>();
        if (!realm.IsEmpty && realms.TryGet(realm, out var members))
        {
            members.CopyTo(found);
        }

        found.Sort((left, right) => left.Order.CompareTo(right.Order));
        return found;
    }

    /// <summary>True when the anchor holds a binding for any of them, as far as the gateway knows.</summary>
    public bool HasRegistered
    {
        get
        {
            foreach (var first in nodes.Values)
            {
                for (Attachment? attachment = first; attachment is not null; attachment = attachment.NextOfNode)
                {
                    if (attachment.IsRegistered)
                    {
                        return true;
                    }
                }
            }

            return false;
        }
    }

    /// <summary>All attachments in the order in which they were made.</summary>
    public List<Attachment> All()
    {
        var all = new List<Attachment>(Count);
        foreach (var first in nodes.Values)
        {
            for (Attachment? attachment = first; attachment is not null; attachment = attachment.NextOfNode)
            {
                all.Add(attachment);
            }
        }

        all.Sort((left, right) => left.Order.CompareTo(right.Order));
        return all;
    }

    /// <summary>The attachments that a filter may fit, each once, by an index where the filter names one.</summary>
    public IReadOnlyList<Attachment> Select(BindingFilter filter) =>
        filter.Identifiers.Count > 0 ? [.. filter.Identifiers.SelectMany(identifier => OfNode(Encoding.UTF8.GetBytes(identifier))).Distinct()]
        : filter.Realms.Count > 0 && !filter.Realms.Contains("") ? [.. filter.RealmOctets.SelectMany(realm => OfRealm(realm)).Distinct()]
        : All();

    /// <summary>True until an attachment is removed.</summary>
    public bool Contains(Attachment attachment)
    {
        var found = Find(attachment.Identifier.Octets);
        while (found is not null && found != attachment)
        {
            found = found.NextOfNode;
        }

        return found is not null;
    }

    public void Add(Attachment attachment)
    {
        Count++;
        if (nodes.TryGetValue(attachment.Identifier, out var last))
        {
            while (last.NextOfNode is { } next)
            {
                last = next;
            }

            last.NextOfNode = attachment;
        }
        else
        {
            nodes.Add(attachment.Identifier, attachment);
        }

        var realm = attachment.Identifier.Realm;
        if (!realms.TryGet(realm, out var members))
        {
            realms.Add(RealmIndex<Members<Attachment>>.KeyOf(realm), members = new Members<Attachment>());
        }

        members.Add(attachment);
    }

    public void Remove(Attachment attachment)
    {
        Count--;
        if (nodes[attachment.Identifier] is var head && head != attachment)
        {
            while (head.NextOfNode != attachment)
            {
                head = head.NextOfNode!;
            }

            head.NextOfNode = attachment.NextOfNode;
        }
        else if (attachment.NextOfNode is { } next)
        {
            nodes[attachment.Identifier] = next;
        }
        else
        {
            nodes.Remove(attachment.Identifier);
        }

        attachment.NextOfNode = null;
        var realm = attachment.Identifier.Realm;
        if (realms.TryGet(realm, out var members))
        {
            members.Remove(attachment);
            if (members.Count == 0)
            {
                realms.Remove(RealmIndex<Members<Attachment>>.KeyOf(realm));
            }
        }
    }
}
