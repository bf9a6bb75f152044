using DsmipTools.Engine.Diagnostics;
using DsmipTools.Engine.Forwarding;
using DsmipTools.Wire;

namespace DsmipTools.Engine;

/// <summary>
/// The outputs of an agent, in order. The driver takes them one by one after every input; when one fails it tells the agent before it
/// takes the next. Steady use does not allocate: effects and message octets live in buffers that are used again.
/// </summary>
public sealed class Outbox
{
    private const int FewEffects = 16;
    private const int FewOctets = 2048;

    /// <summary>Effects of a burst whose room is kept for the next one; and as many times the octets of a short message.</summary>
    private const int LargestKept = 4096;

    private Effect[] effects = new Effect[FewEffects];
    private byte[] octets = new byte[FewOctets];
    private int taken;
    private int count;
    private int used;
    private long lastNumber;

    /// <summary>
    /// The effect that everything queued from now on depends on, unless it names another one; 0 for none. Who sets it sets it back.
    /// </summary>
    internal long Guard { get; set; }

    /// <summary>True when there is nothing to carry out.</summary>
    public bool IsEmpty => taken == count;

    /// <summary>Takes the next effect.</summary>
    public bool TryTake(out Effect effect)
    {
        if (taken == count)
        {
            // What a burst needed once, such as the expiry of all bindings, is not kept for ever.
            effects = effects.Length > LargestKept ? new Effect[FewEffects] : effects;
            Array.Clear(effects, 0, Math.Min(count, effects.Length));
            taken = count = used = 0;
            effect = default;
            return false;
        }

        effect = effects[taken++];
        return true;
    }

    /// <summary>
    /// The octets of an <see cref="EffectKind.Send"/> effect, before any protection, or of an <see cref="EffectKind.SendOnLink"/> or <see cref="EffectKind.SendPacket"/> effect; valid until
    /// the next input to the agent. What leaves for the former is <see cref="Agent.TryPrepare"/>'s.
    /// </summary>
    public ReadOnlySpan<byte> MessageOf(in Effect effect) => octets.AsSpan(effect.Offset, effect.Length);

    /// <summary>Room to write a message into; Send follows.</summary>
    internal Span<byte> Reserve(int maximumLength)
    {
        if (used == 0 && octets.Length > LargestKept * 128)
        {
            octets = new byte[FewOctets];
        }

        if (octets.Length - used < maximumLength)
        {
            Array.Resize(ref octets, Math.Max(octets.Length * 2, used + maximumLength));
        }

        return octets.AsSpan(used, maximumLength);
    }

    /// <summary>Queues the message written into the reserved room.</summary>
    internal void Send(in Envelope envelope, int length, long guard = 0)
    {
        envelope.Seal(octets.AsSpan(used, length));
        Add(new Effect { Kind = EffectKind.Send, Envelope = envelope, Offset = used, Length = length, Guard = guard });
        used += length;
    }

    /// <summary>Queues a copy of a message; the checksum it needs is written.</summary>
    internal void Send(in Envelope envelope, ReadOnlySpan<byte> message)
    {
        message.CopyTo(Reserve(message.Length));
        Send(envelope, message.Length);
    }

    /// <summary>Queues an IP packet for a link of the agent's own.</summary>
    internal void SendOnLink(uint link, ReadOnlySpan<byte> packet, long guard = 0) =>
        Send(new Effect { Kind = EffectKind.SendOnLink, Link = link, Guard = guard }, packet);

    /// <summary>Queues a whole IP packet.</summary>
    internal void SendPacket(ReadOnlySpan<byte> packet) => Send(new Effect { Kind = EffectKind.SendPacket }, packet);

    /// <summary>Queues a tunnel change and returns its number, the guard of what depends on it; it may itself depend on an earlier one.</summary>
    internal long Change(EffectKind kind, Tunnel tunnel, long guard = 0) => Add(new Effect { Kind = kind, Tunnel = tunnel, Guard = guard });

    /// <summary>Queues a route change and returns its number, the guard of what depends on it; it may itself depend on an earlier one.</summary>
    internal long Change(EffectKind kind, Route route, long guard = 0) => Add(new Effect { Kind = kind, Route = route, Guard = guard });

    /// <summary>Queues an event.</summary>
    internal void Report(in AgentEvent happened, long guard = 0) => Add(new Effect { Kind = EffectKind.Event, Event = happened, Guard = guard });

    /// <summary>Queues the outcome of a command.</summary>
    internal void Complete(long command, object outcome) => Add(new Effect { Kind = EffectKind.Completion, Command = command, Outcome = outcome });

    /// <summary>Takes back every queued effect that depends on a failed one, directly or through another one that is taken back.</summary>
    internal void Withdraw(long guard)
    {
        var kept = taken;
        HashSet<long> withdrawn = [guard];
        for (var at = taken; at < count; at++)
        {
            // An effect depends on earlier ones only, so one pass finds the whole chain.
            if (effects[at].Guard == 0 || !withdrawn.Contains(effects[at].Guard))
            {
                effects[kept++] = effects[at];
            }
            else
            {
                withdrawn.Add(effects[at].Number);
            }
        }

        count = kept;
    }

    private void Send(in Effect effect, ReadOnlySpan<byte> packet)
    {
        packet.CopyTo(Reserve(packet.Length));
        Add(effect with { Offset = used, Length = packet.Length });
        used += packet.Length;
    }

    private long Add(Effect effect)
    {
        if (count == effects.Length)
        {
            Array.Resize(ref effects, effects.Length * 2);
        }

        effects[count++] = effect with { Number = ++lastNumber, Guard = effect.Guard == 0 ? Guard : effect.Guard };
        return lastNumber;
    }
}
