using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.MobilityHeader.Options;

namespace DsmipTools.Wire.Rules;

/// <summary>What holds for every Mobility Header (RFC 6275, 6.1.1 and 9.2), and the messages that nothing but their form has rules for.</summary>
internal static class MobilityHeaderRules
{
    internal static readonly Rule[] All =
    [
        Rule.Of<MobilityMessage>("RFC 6275, 9.2", RuleSeverity.Error, MobilityHeaderFields.Common.PayloadProto, message =>
            IsRevocation(message) ? null : WrongPayloadProto(message)),
        Rule.Of<MobilityMessage>("5846-6.2-01", RuleSeverity.Error, MobilityHeaderFields.Common.PayloadProto, message =>
            IsRevocation(message) ? WrongPayloadProto(message) : null),
        Rule.Of<MobilityMessage>("RFC 6275, 6.1.1", RuleSeverity.Error, (_, subject) =>
        {
            var behind = subject.Packet.EndAt(subject.Index) - subject.Layer.Offset - subject.Layer.Length;
            if (!subject.Packet.IsCut && behind > 0)
            {
                subject.Break(MobilityHeaderFields.Common.HeaderLength, $"says {subject.Layer.Length} octets, but {behind} more follow");
            }
        }),
        Rule.Of<UnknownMobilityMessage>("5846-5-01", RuleSeverity.Error, (message, subject) =>
        {
            if (IsRevocation(message))
            {
                subject.Break("has a Binding Revocation Type that is neither 1, indication, nor 2, acknowledgement");
            }
        }),
        Rule.Of<HomeTestInit>("RFC 6275, 9.4.1", RuleSeverity.Error, (_, subject) => JudgeHomeAddressOption(subject)),
        Rule.Of<CareOfTestInit>("RFC 6275, 9.4.2", RuleSeverity.Error, (_, subject) => JudgeHomeAddressOption(subject)),
        Rule.Of<Heartbeat>("RFC 5847, 3.3", RuleSeverity.Error, Heartbeat.Fields.Unsolicited, heartbeat =>
            heartbeat is { Unsolicited: true, Response: false } ? "is set in an unsolicited response only, but R says that this is a request" : null),
        Rule.Of<RestartCounterOption>("RFC 5847, 3.4", RuleSeverity.Error, (_, subject) =>
        {
            if (subject.Parent is { Layer.Structure: not Heartbeat { Response: true } })
            {
                subject.Break("is valid in a Heartbeat response only");
            }
        }),
    ];

    internal static bool IsRevocation(MobilityMessage message) => message.Type == MobilityHeaderType.BindingRevocation;

    private static string? WrongPayloadProto(MobilityMessage message) =>
        message.PayloadProto == (byte)IpProtocol.NoNextHeader ? null : $"is 59, no next header, but it is {message.PayloadProto}";

    private static void JudgeHomeAddressOption(Subject subject)
    {
        if (subject.Packet.HasHomeAddressOption(subject.Index))
        {
            subject.Break("travels in a packet without a Home Address option");
        }
    }
}
