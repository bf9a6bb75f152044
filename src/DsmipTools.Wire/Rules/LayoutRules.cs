using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Layouts;
using DsmipTools.Wire.MobileIPv4.Extensions;
using DsmipTools.Wire.MobilityHeader;

namespace DsmipTools.Wire.Rules;

/// <summary>What follows from any layout table: reserved fields are zero, code points have a name.</summary>
internal static class LayoutRules
{
    /// <summary>Statements of the conformance list about fields; all other rules of this kind have the RFC and section of the table.</summary>
    private static readonly Dictionary<Field, string> Statements = new()
    {
        [IPv6PrefixReplyExtension.Fields.Reserved] = "5454-2.2-03",
        [IPv6PrefixReplyExtension.Fields.Code] = "5454-2.2-02",
        [IPv6TunnelingModeExtension.Fields.Reserved] = "5454-2.3-01",
        [BindingRevocationIndication.Fields.Header.Reserved] = "5846-5-02",
        [BindingRevocationIndication.Fields.ReservedFlags] = "5846-5-02",
        [BindingRevocationAcknowledgement.Fields.Header.Reserved] = "5846-5-02",
        [BindingRevocationAcknowledgement.Fields.ReservedFlags] = "5846-5-02",
        [BindingRevocationAcknowledgement.Fields.Status] = "5846-5.2-01",
    };

    /// <summary>Sections that have reserved bits sent as zero without a MUST.</summary>
    private static readonly string[] WithoutMust =
    [
        "RFC 792", "RFC 1256", "RFC 2004", "RFC 2710", "RFC 3810", "RFC 5454", "RFC 5555, 3.1.2", "RFC 5847", "RFC 5944, 2.1", "RFC 8200",
    ];

    internal static void Judge(Subject subject)
    {
        var octets = subject.Layer.Span;
        foreach (var field in subject.Layer.Table.Fields)
        {
            if (!field.FitsInto(octets.Length))
            {
                return;
            }

            subject.Rule = Statements.GetValueOrDefault(field, subject.Layer.Rfc);
            if (field.Kind == FieldKind.Reserved && field.ReadNumber(octets) != 0)
            {
                subject.Severity = WithoutMust.Any(section => field.Layout.Rfc.StartsWith(section, StringComparison.Ordinal)) ? RuleSeverity.Warning : RuleSeverity.Error;
                subject.Break(field, $"is sent as zero, but it is 0x{field.ReadNumber(octets):x}");
            }
            else if (field.Kind == FieldKind.Code && field != BindingRevocationIndication.Fields.Trigger && IsOurs(field) && field.ReadValue(octets) is not Enum)
            {
                subject.Severity = RuleSeverity.Information;
                subject.Break(field, $"{field.ReadNumber(octets)} is unassigned, or assigned by a document that DsmipTools does not know");
            }
        }
    }

    /// <summary>Registries of mobility; what else IP and link layers carry is none of ours to know.</summary>
    private static bool IsOurs(Field field) => field.Registry?.Namespace is { } name
        && !name.StartsWith(typeof(IpProtocol).Namespace!, StringComparison.Ordinal)
        && !name.StartsWith(typeof(Capture.LinkType).Namespace!, StringComparison.Ordinal);
}
