using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.MobileIPv4.Extensions;

namespace DsmipTools.Engine.MobileIPv4;

/// <summary>What a mobile node concludes about its prefixes from a registration reply (RFC 5454, 3.2 and 3.5).</summary>
public static class PrefixConclusions
{
    /// <summary>Concludes from an authenticated reply.</summary>
    /// <param name="requested">The prefixes of the request, none set beyond its length.</param>
    /// <param name="reply">The reply.</param>
    /// <param name="authenticatedLength">Where the Mobile-Home Authentication extension starts; prefix replies after it are not authenticated and do not count.</param>
    /// <param name="isCoLocated">True with a co-located care-of address; without one, code 1 counts as code 0 (3.5).</param>
    /// <param name="unmatched">The number of prefix replies that match no request, or repeat one; they are ignored.</param>
    /// <returns>One conclusion for each requested prefix, in the same order.</returns>
    public static ValueList<PrefixRegistration> Conclude(
        ValueList<Prefix> requested, RegistrationReplyView reply, int authenticatedLength, bool isCoLocated, out int unmatched)
    {
        if (!reply.Code.IsAccepted())
        {
            unmatched = 0;
            return All(requested, PrefixRegistrationState.RejectedWithRegistration);
        }

        var states = new PrefixRegistrationState?[requested.Count];
        var replies = 0;
        unmatched = 0;
        foreach (var extension in reply.Extensions)
        {
            if (extension.Offset >= authenticatedLength || !IPv6PrefixReplyExtension.TryRead(extension, out var code, out var prefix))
            {
                continue;
            }

            replies++;
            var at = requested.Span.IndexOf(prefix.Canonical);
            if (at < 0 || states[at] is not null)
            {
                unmatched++;
                continue;
            }

            states[at] = Conclude(code, isCoLocated);
        }

        var missing = replies == 0 ? PrefixRegistrationState.NotSupported : PrefixRegistrationState.NotAnswered;
        return ValueList.From(requested.Select((prefix, at) => new PrefixRegistration(prefix, states[at] ?? missing)));
    }

    /// <summary>The same conclusion about every prefix.</summary>
    public static ValueList<PrefixRegistration> All(ValueList<Prefix> requested, PrefixRegistrationState state) =>
        ValueList.From(requested.Select(prefix => new PrefixRegistration(prefix, state)));

    private static PrefixRegistrationState Conclude(PrefixReplyCode code, bool isCoLocated) => code switch
    {
        PrefixReplyCode.AcceptedCareOfAddress when isCoLocated => PrefixRegistrationState.AcceptedCareOfAddress,
        PrefixReplyCode.RejectedProhibited => PrefixRegistrationState.RejectedProhibited,
        _ => code.IsAccepted() ? PrefixRegistrationState.AcceptedHomeAddress : PrefixRegistrationState.RejectedUnspecified,
    };
}
