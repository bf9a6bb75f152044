using DsmipTools.Wire;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Engine.Bindings;

/// <summary>
/// The home network prefixes of one mobility session, in the order in which they were assigned (RFC 5213, 5.4: all prefixes of an interface
/// are managed together). The first one costs no array: most sessions have no other.
/// </summary>
internal readonly struct SessionPrefixes
{
    private readonly Prefix[]? further;

    public SessionPrefixes(ReadOnlySpan<Prefix> prefixes)
    {
        First = prefixes.IsEmpty ? default : prefixes[0];
        further = prefixes.Length > 1 ? prefixes[1..].ToArray() : null;
    }

    /// <summary>The first prefix; ::/0, which is none, when there is no prefix.</summary>
    public Prefix First { get; }

    public int Count => First.Length == 0 ? 0 : 1 + (further?.Length ?? 0);

    public Prefix this[int index] => index == 0 ? First : further![index - 1];

    public static implicit operator SessionPrefixes(Prefix prefix) => new([prefix]);

    public bool Contains(Prefix prefix)
    {
        for (var at = 0; at < Count; at++)
        {
            if (this[at] == prefix)
            {
                return true;
            }
        }

        return false;
    }

    public ValueList<Prefix> ToList() => Count == 0 ? [] : [First, .. further ?? []];
}
