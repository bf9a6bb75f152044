using System.Diagnostics.CodeAnalysis;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Engine.Bindings;

/// <summary>
/// Who holds which IPv6 prefix: longest match and overlap without scanning. A path-compressed binary trie: a look-up visits at most one
/// node for each bit, and usually as many as the logarithm of the number of prefixes. Look-ups do not allocate.
/// </summary>
/// <typeparam name="T">The holders.</typeparam>
/// <remarks>Prefixes are given with 0 to 128 bits; bits beyond the length do not matter.</remarks>
public sealed class PrefixTable<T>
    where T : notnull
{
    private Node? root;

    /// <summary>The number of prefixes.</summary>
    public int Count { get; private set; }

    /// <summary>Adds a prefix; false when exactly this one is present. Prefixes inside one another may be present together.</summary>
    public bool TryAdd(Prefix prefix, T owner)
    {
        var bits = Checked(prefix).Bits;
        ref var slot = ref root;
        while (slot is { } node)
        {
            var common = Math.Min(CommonLength(node.Bits, bits), Math.Min(node.Length, prefix.Length));
            if (common == node.Length && common == prefix.Length)
            {
                return node.TrySetOwner(owner) && ++Count > 0;
            }

            if (common == node.Length)
            {
                slot = ref node.Child(bits);
                continue;
            }

            var above = new Node(bits & Prefix.Mask(common), common);
            above.Child(node.Bits) = node;
            slot = above;
        }

        slot = new Node(bits, prefix.Length);
        Count++;
        return slot.TrySetOwner(owner);
    }

    /// <summary>Removes exactly this prefix; false when it is not present.</summary>
    public bool Remove(Prefix prefix)
    {
        var bits = Checked(prefix).Bits;
        ref var parent = ref root;
        ref var slot = ref root;
        while (slot is { } node && node.Length <= prefix.Length && CommonLength(node.Bits, bits) >= node.Length)
        {
            if (node.Length < prefix.Length)
            {
                parent = ref slot;
                slot = ref node.Child(bits);
                continue;
            }

            if (!node.ClearOwner())
            {
                return false;
            }

            Count--;
            Collapse(ref slot);
            // A node that only held two branches together goes when one of them has gone.
            Collapse(ref parent);
            return true;
        }

        return false;
    }

    /// <summary>The longest prefix that contains an address, and who holds it.</summary>
    public bool TryFind(Address address, out Prefix prefix, [MaybeNullWhen(false)] out T owner)
    {
        prefix = default;
        owner = default;
        return address.IsIPv6 && TryFindCovering(new Prefix(address.Value, 128), out prefix, out owner);
    }

    /// <summary>The longest prefix present that contains another one or equals it, and who holds it.</summary>
    public bool TryFindCovering(Prefix prefix, out Prefix covering, [MaybeNullWhen(false)] out T owner)
    {
        var bits = Checked(prefix).Bits;
        Node? best = null;
        for (var node = root; node is not null && node.Covers(bits, prefix.Length); node = node.Length < 128 ? node.Child(bits) : null)
        {
            best = node.HasOwner ? node : best;
        }

        covering = best?.Prefix ?? default;
        owner = best is null ? default : best.Owner;
        return best is not null;
    }

    /// <summary>True when a prefix shares an address with a prefix that somebody else holds.</summary>
    public bool OverlapsAnother(Prefix prefix, T self)
    {
        var bits = Checked(prefix).Bits;
        var node = root;
        while (node is not null && node.Length < prefix.Length && node.Covers(bits, prefix.Length))
        {
            if (node.IsHeldByAnother(self))
            {
                return true;
            }

            node = node.Child(bits);
        }

        return node is not null && CommonLength(node.Bits, bits) >= prefix.Length && AnyHeldByAnother(node, self);
    }

    private static bool AnyHeldByAnother(Node? node, T self) => node is not null
        && (node.IsHeldByAnother(self) || AnyHeldByAnother(node.Zero, self) || AnyHeldByAnother(node.One, self));

    private static void Collapse(ref Node? slot)
    {
        if (slot is { HasOwner: false } node && (node.Zero is null || node.One is null))
        {
            slot = node.Zero ?? node.One;
        }
    }

    private static int CommonLength(UInt128 left, UInt128 right) => (int)UInt128.LeadingZeroCount(left ^ right);

    private static Prefix Checked(Prefix prefix) =>
        prefix.IsPrefix ? prefix.Canonical : throw new ArgumentException($"{prefix} is no prefix of 0 to 128 bits.", nameof(prefix));

    private sealed class Node(UInt128 bits, int length)
    {
        private Node? zero;
        private Node? one;

        public UInt128 Bits { get; } = bits;

        public int Length { get; } = length;

        public bool HasOwner { get; private set; }

        public T? Owner { get; private set; }

        public Node? Zero => zero;

        public Node? One => one;

        public Prefix Prefix => new(Bits, (byte)Length);

        public bool TrySetOwner(T owner)
        {
            if (HasOwner)
            {
                return false;
            }

            (HasOwner, Owner) = (true, owner);
            return true;
        }

        public bool ClearOwner()
        {
            var had = HasOwner;
            (HasOwner, Owner) = (false, default);
            return had;
        }

        public bool IsHeldByAnother(T self) => HasOwner && !EqualityComparer<T>.Default.Equals(Owner, self);

        public bool Covers(UInt128 other, int otherLength) => Length <= otherLength && CommonLength(Bits, other) >= Length;

        public ref Node? Child(UInt128 towards)
        {
            if (((towards >> (127 - Length)) & UInt128.One) == UInt128.Zero)
            {
                return ref zero;
            }

            return ref one;
        }
    }
}
