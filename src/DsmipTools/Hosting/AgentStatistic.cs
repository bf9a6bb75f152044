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
        agent, counter.Key.Message, counter.Key.Direction, counter.Key.Code < 0 ? null : NameOf(counter.Key.Message, counter.Key.Code), counter.Key.Drop, counter.Value);

    /// <summary>The name of a code, status or trigger in a message; the number where it has no name.</summary>
    public static string NameOf(MessageKind message, int code) => message switch
    {
        MessageKind.RegistrationReply => ((RegistrationCode)code).ToString(),
        MessageKind.ProxyBindingAcknowledgement => ((BindingStatus)code).ToString(),
        MessageKind.BindingRevocationIndication => ((RevocationTrigger)code).ToString(),
        MessageKind.BindingRevocationAcknowledgement => ((RevocationStatus)code).ToString(),
        _ => code.ToString(System.Globalization.CultureInfo.InvariantCulture),
    };
}
