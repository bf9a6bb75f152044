using DsmipTools.Engine.Diagnostics;
using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.MobilityHeader;

namespace DsmipTools.Hosting;

/// <summary>One counter of an agent.</summary>
/// <param name="Agent">The agent.</param>
/// <param name="Message">The message counted.</param>
/// <param name="Direction">Which way it went.</param>
/// <param name="Code">The code, status or trigger in it, by name; null where it has none.</param>
/// <param name="Drop">Why it was dropped; None when it was not.</param>
/// <param name="Count">How many.</param>
public sealed record AgentStatistic(string Agent, MessageKind Message, Direction Direction, string? Code, DropReason Drop, long Count)
{
    internal static AgentStatistic From(string agent, KeyValuePair<CounterKey, long> counter) => new(
        agent, counter.Key.Message, counter.Key.Direction, NameOf(counter.Key), counter.Key.Drop, counter.Value);

    private static string? NameOf(CounterKey key) => key.Code < 0 ? null : key.Message switch
    {
        MessageKind.RegistrationReply => ((RegistrationCode)key.Code).ToString(),
        MessageKind.ProxyBindingAcknowledgement => ((BindingStatus)key.Code).ToString(),
        MessageKind.BindingRevocationIndication => ((RevocationTrigger)key.Code).ToString(),
        MessageKind.BindingRevocationAcknowledgement => ((RevocationStatus)key.Code).ToString(),
        _ => key.Code.ToString(System.Globalization.CultureInfo.InvariantCulture),
    };
}
