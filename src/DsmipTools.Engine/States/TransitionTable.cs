using System.Runtime.CompilerServices;

namespace DsmipTools.Engine.States;

/// <summary>One row of a <see cref="TransitionTable{TState, TEvent}"/>.</summary>
/// <param name="From">The state before.</param>
/// <param name="On">What happens.</param>
/// <param name="To">The state after.</param>
internal readonly record struct Transition<TState, TEvent>(TState From, TEvent On, TState To)
    where TState : struct, Enum
    where TEvent : struct, Enum;

/// <summary>
/// All states and transitions of one kind of thing. The agents move by it, and the diagram in docs/design/states.md is made from it. The state
/// with the number 0 is the one before the beginning and after the end.
/// </summary>
/// <typeparam name="TState">The states: an enum of octets without gaps.</typeparam>
/// <typeparam name="TEvent">What can happen: an enum of octets without gaps.</typeparam>
internal sealed class TransitionTable<TState, TEvent>
    where TState : struct, Enum
    where TEvent : struct, Enum
{
    private const byte Nowhere = byte.MaxValue;

    private readonly byte[] next;
    private readonly int events = Enum.GetValues<TEvent>().Length;

    /// <summary>Makes a table.</summary>
    /// <exception cref="ArgumentException">Two rows begin alike.</exception>
    public TransitionTable(params Transition<TState, TEvent>[] rows)
    {
        Rows = rows;
        next = new byte[Enum.GetValues<TState>().Length * events];
        Array.Fill(next, Nowhere);
        foreach (var row in rows)
        {
            ref var entry = ref next[IndexOf(row.From, row.On)];
            entry = entry == Nowhere ? NumberOf(row.To) : throw new ArgumentException($"{row.On} leads from {row.From} to two states.", nameof(rows));
        }
    }

    /// <summary>The rows, in the order in which they are written down.</summary>
    public IReadOnlyList<Transition<TState, TEvent>> Rows { get; }

    /// <summary>True when something can happen in a state.</summary>
    public bool Allows(TState from, TEvent on) => next[IndexOf(from, on)] != Nowhere;

    /// <summary>The state after something has happened.</summary>
    /// <exception cref="InvalidOperationException">It cannot happen in that state: a bug of the agent, whose world reports and counts it. The state stays.</exception>
    public TState Next(TState from, TEvent on)
    {
        var to = next[IndexOf(from, on)];
        return to == Nowhere ? throw new InvalidOperationException($"{on} does not happen in the state {from}.") : Unsafe.BitCast<byte, TState>(to);
    }

    private static byte NumberOf(TState state) => Unsafe.BitCast<TState, byte>(state);

    private int IndexOf(TState from, TEvent on) => (NumberOf(from) * events) + Unsafe.BitCast<TEvent, byte>(on);
}
