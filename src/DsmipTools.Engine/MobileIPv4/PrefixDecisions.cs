using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.MobileIPv4.Extensions;

namespace DsmipTools.Engine.MobileIPv4;

/// <summary>
/// The distinct prefixes of one registration request and what the home agent decides about each (RFC 5454, 3.3). One instance is used again
/// for every request, so that deciding does not allocate.
/// </summary>
internal sealed class PrefixDecisions
{
    private readonly RegisteredPrefix[] decisions = new RegisteredPrefix[HomeAgent.MaximumPrefixRequests];
    private bool isImplied;

    /// <summary>One decision for each distinct prefix, in the order of the request.</summary>
    public ReadOnlySpan<RegisteredPrefix> All => decisions.AsSpan(0, Count);

    /// <summary>What the reply says: nothing of prefixes that nobody asked for (RFC 5454, 1.4).</summary>
    public ReadOnlySpan<RegisteredPrefix> Answers => isImplied ? default : All;

    /// <summary>The number of distinct prefixes.</summary>
    public int Count { get; private set; }

    /// <summary>The number of those that are accepted.</summary>
    public int AcceptedCount { get; private set; }

    /// <summary>Forgets the last request: a refusal answers no prefix (RFC 5454, 3.2).</summary>
    public void Clear() => (Count, AcceptedCount, isImplied) = (0, 0, false);

    /// <summary>The implicit mode: a request without prefixes gets those that are configured, in the tunnel to the home address (RFC 5454, 1.4).</summary>
    public void Imply(MobileNodeEntry node, ValueList<Prefix> configured, BindingTable bindings)
    {
        isImplied = true;
        foreach (var prefix in configured)
        {
            if (node.Holds(prefix) || !bindings.IsHeldByAnother(prefix, node))
            {
                decisions[Count++] = new RegisteredPrefix(prefix, PrefixReplyCode.AcceptedHomeAddress, TunnelingMode.HomeAddress);
                AcceptedCount++;
            }
        }
    }

    /// <summary>Collects the prefixes of the authenticated part of a request, without the bits that do not count.</summary>
    public void Collect(RegistrationRequestView request, int authenticatedLength)
    {
        Clear();
        foreach (var extension in request.Extensions)
        {
            if (extension.Offset >= authenticatedLength || Count == decisions.Length)
            {
                return;
            }

            if (IPv6PrefixRequestExtension.TryRead(extension, out var prefix) && !Contains(prefix.Canonical))
            {
                decisions[Count++] = new RegisteredPrefix(prefix.Canonical, PrefixReplyCode.RejectedUnspecified, TunnelingMode.HomeAddress);
            }
        }
    }

    /// <summary>Decides about every collected prefix.</summary>
    /// <param name="node">The mobile node that asks.</param>
    /// <param name="mode">The tunneling mode for accepted prefixes.</param>
    /// <param name="options">Policy and limits.</param>
    /// <param name="bindings">Who holds which prefix.</param>
    public void Decide(MobileNodeEntry node, TunnelingMode mode, HomeAgentOptions options, BindingTable bindings)
    {
        foreach (ref var decision in decisions.AsSpan(0, Count))
        {
            var code = AcceptedCount == options.MaximumPrefixes
                ? PrefixReplyCode.RejectedUnspecified
                : Judge(decision.Prefix, node, mode, options, bindings);
            AcceptedCount += code.IsAccepted() ? 1 : 0;
            decision = new RegisteredPrefix(
                decision.Prefix,
                code,
                code == PrefixReplyCode.AcceptedCareOfAddress ? TunnelingMode.CareOfAddress : TunnelingMode.HomeAddress);
        }
    }

    /// <summary>True when the accepted prefixes are the ones of a list, in the same order and mode.</summary>
    public bool AcceptedEqual(ReadOnlySpan<RegisteredPrefix> registered)
    {
        if (registered.Length != AcceptedCount)
        {
            return false;
        }

        var at = 0;
        foreach (ref readonly var decision in All)
        {
            if (decision.Code.IsAccepted() && decision != registered[at++])
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The accepted prefixes as a list of their own.</summary>
    public RegisteredPrefix[] Accepted()
    {
        var accepted = new List<RegisteredPrefix>(AcceptedCount);
        foreach (ref readonly var decision in All)
        {
            if (decision.Code.IsAccepted())
            {
                accepted.Add(decision);
            }
        }

        return [.. accepted];
    }

    private static PrefixReplyCode Judge(
        Prefix prefix, MobileNodeEntry node, TunnelingMode mode, HomeAgentOptions options, BindingTable bindings)
    {
        if (prefix.IsLinkLocalAddress)
        {
            // RFC 5454, 3.7.1: what a link-local address is registered for runs in the tunnel to the home address, whatever mode was asked for.
            // Two nodes may have the same one: the tunnel tells them apart (3.3.3), so it is not checked for overlap.
            return prefix.Address.IsLinkLocal ? PrefixReplyCode.AcceptedHomeAddress : PrefixReplyCode.RejectedUnspecified;
        }

        if (!prefix.IsPrefix || prefix.Length == 0)
        {
            // Not even the home agent would be outside of a prefix of no length.
            return PrefixReplyCode.RejectedUnspecified;
        }

        if (!options.PrefixPolicy.Authorizes(node.HomeAddress, prefix))
        {
            return PrefixReplyCode.RejectedProhibited;
        }

        // Not code 9: the policy has nothing against it, and it may succeed when the other node has gone.
        return node.Holds(prefix) || !bindings.IsHeldByAnother(prefix, node)
            ? mode == TunnelingMode.CareOfAddress ? PrefixReplyCode.AcceptedCareOfAddress : PrefixReplyCode.AcceptedHomeAddress
            : PrefixReplyCode.RejectedUnspecified;
    }

    private bool Contains(Prefix prefix)
    {
        foreach (ref readonly var decision in All)
        {
            if (decision.Prefix == prefix)
            {
                return true;
            }
        }

        return false;
    }
}
