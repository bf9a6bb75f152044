using DsmipTools.Engine.Revocation;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Engine.ProxyMobileIPv6;

/// <summary>Which sessions of one mobile node an indication without G means: the same at both ends (RFC 5846, 8.2 and 9.1).</summary>
internal static class NamedSessions
{
    /// <summary>
    /// Keeps of all sessions of a mobile node those that are meant: all when no prefix is named, otherwise those with one of the prefixes. A
    /// session that does not know its prefixes yet may have those that no other session has.
    /// </summary>
    /// <returns>The prefixes that no session has.</returns>
    public static List<Prefix> Select<T>(List<T> sessions, RevocationNames names)
        where T : IMobilitySession
    {
        if (names.PrefixCount == 0)
        {
            return [];
        }

        var prefixes = names.Prefixes();
        var missing = prefixes.FindAll(prefix => !sessions.Exists(session => session.Prefixes.Contains(prefix)));
        var ofUnknown = missing.Count > 0 && sessions.Exists(session => !session.HasPrefixes);
        sessions.RemoveAll(session => session.HasPrefixes ? !prefixes.Exists(session.Prefixes.Contains) : !ofUnknown);
        return ofUnknown ? [] : missing;
    }
}
