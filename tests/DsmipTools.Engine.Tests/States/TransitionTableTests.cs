using DsmipTools.Engine.ProxyMobileIPv6;
using DsmipTools.Engine.Revocation;
using DsmipTools.Engine.States;

namespace DsmipTools.Engine.Tests.States;

public class TransitionTableTests
{
    [Fact]
    public void What_cannot_happen_is_refused_and_changes_nothing()
    {
        var binding = new ProxyBinding { Identifier = new("mn1@example.com"u8) };
        binding.Move(ProxyBindingEvent.Registered);

        Assert.Throws<InvalidOperationException>(() => binding.Move(ProxyBindingEvent.DelayOver));
        Assert.Equal(ProxyBindingState.Active, binding.State);
        Assert.False(ProxyBindingStates.Transitions.Allows(binding.State, ProxyBindingEvent.DelayOver));
    }

    [Fact]
    public void A_table_has_one_way_from_a_state_on_an_event() => Assert.Throws<ArgumentException>(() => new TransitionTable<RevocationState, RevocationEvent>(
        new(RevocationState.Absent, RevocationEvent.Sent, RevocationState.Outstanding),
        new(RevocationState.Absent, RevocationEvent.Sent, RevocationState.Absent)));

    [Fact]
    public void Every_state_is_reached_and_left_and_every_event_happens()
    {
        AssertWhole(AttachmentStates.Transitions);
        AssertWhole(ProxyBindingStates.Transitions);
        AssertWhole(RevocationStates.Transitions);
    }

    private static void AssertWhole<TState, TEvent>(TransitionTable<TState, TEvent> table)
        where TState : struct, Enum
        where TEvent : struct, Enum
    {
        Assert.Equal(Enum.GetValues<TState>(), table.Rows.Where(row => !row.To.Equals(row.From)).Select(row => row.To).Distinct().Order());
        Assert.Equal(Enum.GetValues<TState>(), table.Rows.Select(row => row.From).Distinct().Order());
        Assert.Equal(Enum.GetValues<TEvent>(), table.Rows.Select(row => row.On).Distinct().Order());
        Assert.All(table.Rows, row => Assert.Equal(row.To, table.Next(row.From, row.On)));
    }
}
