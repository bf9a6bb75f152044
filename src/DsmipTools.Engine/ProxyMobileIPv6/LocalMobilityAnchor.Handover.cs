using DsmipTools.Engine.Diagnostics;
using DsmipTools.Engine.Revocation;
using DsmipTools.Engine.Timing;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;

namespace DsmipTools.Engine.ProxyMobileIPv6;

/// <content>
/// Handovers between gateways: the old one is told when the handoff is known, and asked when it is not (RFC 5846, 3.4.1 and 8.1).
/// </content>
public sealed partial class LocalMobilityAnchor
{
    /// <summary>BRIMaxRetriesNumber as RFC 5846, 11 recommends it: with trigger 4 a mobile node waits for the end (8.1).</summary>
    private const int RecommendedRetries = 1;

    /// <summary>Updates that wait at once: each keeps a message, of up to two thousand octets.</summary>
    private const int MostHeld = 16384;

    private readonly Dictionary<ProxyBinding, HeldUpdate> held = [];
    private readonly TimerQueue<HeldUpdate> heldTimers = new();

    /// <summary>
    /// Half of the sequence numbers are an administrator's: whoever moves mobile nodes about, and answers nothing, does not keep anybody
    /// from revoking.
    /// </summary>
    private bool MayTell => initiator.FreeSequenceNumbers > ushort.MaxValue / 2;

    private RetransmissionPolicy HandoverRetransmission =>
        options.Revocation.ToPolicy() is var policy && policy.MaximumRetries > RecommendedRetries ? policy with { MaximumRetries = RecommendedRetries } : policy;

    /// <summary>Keeps an update with handoff state unknown until the gateway that has the mobile node's only session has said what it knows.</summary>
    private DropReason Hold(ProxyBinding binding, in ProxyUpdate request, in Envelope envelope, Instant now)
    {
        if (options.UnknownHandoff == UnknownHandoffPolicy.NewSession)
        {
            Counters.Count(request.Indicator, HandoffOutcome.NewSession);
            return Create(request, envelope, now);
        }

        if (!held.TryGetValue(binding, out var update))
        {
            if (held.Count == MostHeld)
            {
                return Refuse(request, BindingStatus.InsufficientResources, binding, envelope, now);
            }

            held.Add(binding, update = new HeldUpdate(binding));
            Ask(update, now);
        }
        else if (IsOlder(request, update))
        {
            // A copy that was delayed: the gateway takes an answer to its last update alone.
            return DropReason.NoMatchingRequest;
        }

        update.Message = request.Update.Header.Octets.ToArray();
        update.Envelope = envelope;
        update.CareOfAddress = request.CareOfAddress;
        return DropReason.None;
    }

    /// <summary>Asks the old gateway; where that is not wanted or not possible, waits for it to say so by itself.</summary>
    private void Ask(HeldUpdate update, Instant now)
    {
        var binding = update.Binding;
        if (binding.Revocation is { Command.Request.IPv4Only: false })
        {
            // The indication that is outstanding will tell.
            return;
        }

        // The revocation of the IPv4 home address alone goes on, and does not tell where the mobile node is.
        if (options.UnknownHandoff == UnknownHandoffPolicy.Revoke && binding.Revocation is null && MayTell)
        {
            Tell(binding.Peer, binding, [binding], RevocationTrigger.InterMagHandoverUnknown, now);
            return;
        }

        update.Deadline = now.Elapsed + options.MaxDelayBeforeNewBCEAssign;
        heldTimers.Schedule(update);
    }

    /// <summary>A revocation of the IPv4 home address alone is over, which may have taken the place of the question.</summary>
    private void AskAgain(ProxyBinding binding, Instant now)
    {
        if (held.Count > 0 && held.TryGetValue(binding, out var update) && update.Deadline == TimeSpan.MaxValue)
        {
            Ask(update, now);
        }
    }

    /// <summary>A mobile node has moved by a known handoff: tells the gateway that it has left (RFC 5846, 3.4.1).</summary>
    private RevocationTransaction? TellOfHandover(MobilityPeer peer, AccessTechnologyType technology, ProxyBinding binding, Instant now)
    {
        if (!options.RevokesOnHandover || binding.HandoffIndicator == HandoffIndicator.Unknown || !MayTell)
        {
            return null;
        }

        var trigger = technology == binding.AccessTechnologyType
            ? RevocationTrigger.InterMagHandoverSameAccessType
            : RevocationTrigger.InterMagHandoverDifferentAccessType;
        // The binding is the new gateway's already: whatever the old one answers, it stays.
        return Tell(peer, binding, [], trigger, now);
    }

    private RevocationTransaction Tell(MobilityPeer peer, ProxyBinding named, IReadOnlyList<IRevocable> bindings, RevocationTrigger trigger, Instant now)
    {
        var indication = new ProxyIndication(trigger)
        {
            Identifier = named.Identifier.Octets.ToArray(),
            Prefixes = named.Prefixes.ToList(),
            IPv4HomeAddress = named.Prefixes.Count == 0 ? named.IPv4HomeAddress : null,
            IPv4PrefixLength = options.IPv4HomeNetwork?.PrefixLength ?? 0,
            CareOfAddress = peer.AlternateCareOfAddress,
        };
        var command = new RevocationCommand { Request = RevocationRequest.Handover(named.Identifier.ToString(), named.Prefixes.ToList(), trigger) };
        return initiator.Begin(command, peer.Envelope.Reversed, bindings, indication.Write, now, HandoverRetransmission);
    }

    /// <summary>The old gateway's answer to trigger 4, or its silence (RFC 5846, 8.1). The session itself stays in any case.</summary>
    private void Learn(ProxyBinding binding, bool hasLeft, Instant now)
    {
        if (hasLeft)
        {
            Leave(binding, now);
        }

        Resume(binding, hasLeft, now);
    }

    /// <summary>The mobile node has left: what was registered for it stays a while for the next gateway, and is reached nowhere (RFC 5213, 5.3.5).</summary>
    private void Leave(ProxyBinding binding, Instant now)
    {
        binding.Move(ProxyBindingEvent.Deregistered);
        binding.Lifetime = 0;
        binding.Deadline = now.Elapsed + options.MinDelayBeforeBCEDelete;
        timers.Schedule(binding);
        Unreach(binding, now);
    }

    /// <summary>Processes the update that waits for a session, if there is one: for that session when it was left, or for a new one.</summary>
    private void Resume(ProxyBinding binding, bool hasLeft, Instant now)
    {
        if (held.Count == 0 || !held.Remove(binding, out var update))
        {
            return;
        }

        heldTimers.Cancel(update);
        _ = BindingUpdateView.TryParse(update.Message, out var view, out _);
        var request = new ProxyUpdate(view, update.Envelope, options.CareOfAddresses);
        if (hasLeft)
        {
            Update(binding, request, update.Envelope, now);
        }
        else if (IsGroupBeingRevoked(request, update.Envelope))
        {
            Counters.Count(request.Indicator, HandoffOutcome.Refused);
            Refuse(request, BindingStatus.AdministrativelyProhibited, null, update.Envelope, now);
        }
        else
        {
            Counters.Count(request.Indicator, HandoffOutcome.NewSession);
            Create(request, update.Envelope, now);
        }
    }

    /// <summary>Forgets the update that waits for a session: another one has settled where the mobile node is.</summary>
    private void Forget(ProxyBinding binding)
    {
        if (held.Count > 0 && held.Remove(binding, out var update))
        {
            heldTimers.Cancel(update);
        }
    }

    /// <summary>A gateway takes back an update that waits, or says something newer about the same interface.</summary>
    private void ForgetHeldOf(in ProxyUpdate request, in Envelope envelope)
    {
        // The session that it waits for was the only one when it came, and may have others before it now.
        for (var binding = held.Count > 0 ? cache.Find(request.Identifier) : null; binding is not null; binding = binding.NextOfNode)
        {
            if (held.TryGetValue(binding, out var update) && update.Envelope.Source == envelope.Source && IsOfSameInterface(update, request))
            {
                Forget(binding);
            }
        }
    }

    /// <summary>Forgets all updates of a gateway that wait: it has ended whatever it had begun.</summary>
    /// <param name="gateway">Where its messages come from.</param>
    /// <param name="careOfAddress">Its proxy care-of address; null for any.</param>
    private void ForgetHeldFrom(Endpoint gateway, Address? careOfAddress = null)
    {
        foreach (var update in held.Values.Where(update => careOfAddress is null ? update.Envelope.Source == gateway : update.CareOfAddress == careOfAddress).ToList())
        {
            Forget(update.Binding);
        }
    }

    /// <summary>True when an update was sent before the one that waits, as their timestamps say, or the sequence numbers of one gateway (RFC 5213, 5.5).</summary>
    private static bool IsOlder(in ProxyUpdate request, HeldUpdate update)
    {
        _ = BindingUpdateView.TryParse(update.Message, out var view, out _);
        var waiting = new ProxyUpdate(view, update.Envelope, []);
        return request.Timestamp is { } timestamp && waiting.Timestamp is { } last
            ? timestamp < last
            : request.CareOfAddress == update.CareOfAddress && (short)(request.Update.SequenceNumber - view.SequenceNumber) < 0;
    }

    private static bool IsOfSameInterface(HeldUpdate update, in ProxyUpdate request)
    {
        _ = BindingUpdateView.TryParse(update.Message, out var view, out _);
        var waiting = new ProxyUpdate(view, update.Envelope, []);
        return waiting.Technology == request.Technology && waiting.LinkLayerIdentifier.SequenceEqual(request.LinkLayerIdentifier);
    }
}
