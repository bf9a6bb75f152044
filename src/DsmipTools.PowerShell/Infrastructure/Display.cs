using System.Globalization;
using DsmipTools.Engine;
using DsmipTools.Engine.Bindings;
using DsmipTools.Engine.Diagnostics;
using DsmipTools.Engine.MobileIPv4;
using DsmipTools.Engine.ProxyMobileIPv6;
using DsmipTools.Engine.Revocation;
using DsmipTools.Hosting;

namespace DsmipTools.PowerShell.Infrastructure;

/// <summary>Texts for the views in module/DsmipTools.Format.ps1xml and the members in module/DsmipTools.Types.ps1xml.</summary>
public static class Display
{
    /// <summary>A lifetime in whole seconds, as routers show it.</summary>
    public static string Lifetime(TimeSpan lifetime) => lifetime == Timeout.InfiniteTimeSpan
        ? "infinite"
        : TimeSpan.FromSeconds(Math.Floor(lifetime.TotalSeconds)).ToString("c", CultureInfo.InvariantCulture);

    /// <summary>A round-trip time; nothing where no answer came.</summary>
    public static string RoundTripTime(TimeSpan? time) => time is { } known && known > TimeSpan.Zero
        ? string.Create(CultureInfo.InvariantCulture, $"{known.TotalMilliseconds:0.0} ms")
        : "";

    /// <summary>The status of a revocation, or how it ended where there is none.</summary>
    public static string Status(RevocationOutcome outcome)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        return outcome.Status is { } status ? $"{status}" : $"({outcome.Result})";
    }

    /// <summary>Who a binding belongs to.</summary>
    public static string Identity(BindingSnapshot binding) => binding switch
    {
        MobileIPv4Binding { Identifier: null } node => $"{node.HomeAddress}",
        MobileIPv4Binding node => $"{node.HomeAddress}\n{node.Identifier}",
        _ => binding?.Identifier ?? "",
    };

    /// <summary>The messages of an agent, one kind a line.</summary>
    public static string Messages(AgentStatistics statistics) =>
        string.Join('\n', statistics?.Messages.Select(message => $"{message.Message}: {message}") ?? []);

    /// <summary>Counts by name, in a line.</summary>
    public static string Counts(IReadOnlyDictionary<string, long> counts) => MessageStatistics.List(counts);

    /// <summary>A rate, as exactly as it is worth.</summary>
    public static string Rate(double perSecond) => perSecond.ToString(perSecond is > 0 and < 10 ? "0.0" : "0", CultureInfo.InvariantCulture);

    /// <summary>The state of a binding in a word that fits a table.</summary>
    public static string State(BindingState state) => state switch
    {
        BindingState.RevocationInProgress => "Revoking",
        BindingState.Deregistered => "Leaving",
        _ => $"{state}",
    };

    /// <summary>The prefixes of a binding, one a line, with the tunneling mode where there is one: HoA or CoA, as RFC 5454 calls it.</summary>
    public static string Prefixes(BindingSnapshot binding) => binding is MobileIPv4Binding node
        ? string.Join('\n', node.RegisteredPrefixes.Select(prefix => $"{prefix.Prefix} {(prefix.TunnelingMode == TunnelingMode.CareOfAddress ? "CoA" : "HoA")}"))
        : string.Join('\n', binding?.Prefixes ?? default);

    /// <summary>What a binding gives its mobile node: the prefixes, and the IPv4 home address of RFC 5844; in a visitor list, the home agent and the flags.</summary>
    public static string Homes(BindingSnapshot binding) => binding is MobileIPv4Binding { AgentKind: AgentKind.ForeignAgent } visitor
        ? $"home agent {visitor.HomeAgent}{(visitor.Flags.Length > 0 ? $", {visitor.Flags}" : "")}"
        : binding is ProxyBindingSnapshot { IPv4HomeAddress: { } address }
        ? string.Join('\n', binding.Prefixes.Select(prefix => $"{prefix}").Append($"{address}"))
        : Prefixes(binding);

    /// <summary>Whom an event is about.</summary>
    public static string Subject(AgentEvent happened) =>
        happened.Identifier?.ToString() ?? happened.HomeAddress?.ToString() ?? happened.Prefix?.ToString() ?? "";

    /// <summary>The rest of an event in one line.</summary>
    public static string Detail(AgentEvent happened)
    {
        var message = happened.Message == MessageKind.Unknown ? null : $"{happened.Message}";
        var reason = happened.Drop == DropReason.None ? null : $"{happened.Drop}";
        // What came in is told with the code or status that went out.
        var coded = happened.Kind == EventKind.RevocationReceived ? MessageKind.BindingRevocationAcknowledgement
            : happened.Message == MessageKind.RegistrationRequest ? MessageKind.RegistrationReply
            : happened.Message == MessageKind.ProxyBindingUpdate ? MessageKind.ProxyBindingAcknowledgement
            : happened.Message;
        var code = happened.Code is { } number ? AgentStatistic.NameOf(coded, number) : null;
        var isMobileIPv4 = happened.Message is MessageKind.RegistrationRequest or MessageKind.RegistrationReply;
        var count = happened.Count == 0 ? null : string.Create(
            CultureInfo.InvariantCulture, $"{happened.Count} {(isMobileIPv4 ? "prefix" : "binding")}{(happened.Count == 1 ? "" : isMobileIPv4 ? "es" : "s")}");
        var prefix = happened.Identifier is null && happened.HomeAddress is null ? null : happened.Prefix?.ToString();
        var head = reason is null ? code : message is null ? reason : $"{message}: {reason}";
        return string.Join("; ", new[] { prefix, head, count, happened.Detail }.Where(part => !string.IsNullOrEmpty(part)).Distinct());
    }
}
