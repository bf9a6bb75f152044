using DsmipTools.Wire.Layouts;
using DsmipTools.Wire.MobileIPv4.Extensions;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.MobilityHeader.Options;

namespace DsmipTools.Wire.Rules;

/// <summary>Network Access Identifiers by the grammar of RFC 4282. Agents take any octets, so that nothing here is graver than a warning.</summary>
internal static class IdentifierRules
{
    internal static readonly Rule[] All =
    [
        Rule.Of<MobileNodeNaiExtension>("RFC 4282, 2.1", RuleSeverity.Warning, (extension, subject) =>
            Judge(subject, MobileNodeNaiExtension.Fields.Nai, extension.Nai)),
        Rule.Of<MobileNodeIdentifierOption>("RFC 4282, 2.1", RuleSeverity.Warning, (option, subject) =>
        {
            // RFC 5213, 5.3.6: an acknowledgement has an empty one where the update had none.
            var isEmptyAnswer = option.Identifier.Length == 0 && subject.Parent?.Layer.Structure is BindingAcknowledgement { ProxyRegistration: true };
            if (option.Subtype == MobileNodeIdentifierSubtype.NetworkAccessIdentifier && !isEmptyAnswer)
            {
                Judge(subject, MobileNodeIdentifierOption.Fields.Identifier, option.Identifier);
            }
        }),
        Rule.Of<MobileNodeIdentifierOption>("RFC 4283, 3.1", RuleSeverity.Warning, (option, subject) =>
        {
            if (option.Subtype == MobileNodeIdentifierSubtype.NetworkAccessIdentifier && option.Identifier.Span is [(byte)'@', ..]
                && subject.Parent?.Layer.Structure is BindingUpdate or BindingAcknowledgement)
            {
                subject.Break(MobileNodeIdentifierOption.Fields.Identifier, "names a realm, but no mobile node");
            }
        }),
    ];

    private static void Judge(Subject subject, Field field, Octets identifier)
    {
        if (!NetworkAccessIdentifierSyntax.TryJudge(identifier.Span, out _, out var wrong))
        {
            subject.Break(subject.Layer.Name, field.Name, subject.Layer.Offset + field.Offset + wrong.Offset, $"is no Network Access Identifier: {wrong.Reason}");
        }
    }
}
