using System.Globalization;
using DsmipTools.Engine.Diagnostics;
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

    /// <summary>Whom an event is about.</summary>
    public static string Subject(AgentEvent happened) => happened switch
    {
        { Identifier: { } identifier, Prefix: { } prefix } => $"{identifier} {prefix}",
        { Identifier: { } identifier } => $"{identifier}",
        { HomeAddress: { } homeAddress, Prefix: { } prefix } => $"{homeAddress} {prefix}",
        { HomeAddress: { } homeAddress } => $"{homeAddress}",
        { Prefix: { } prefix } => $"{prefix}",
        _ => "",
    };

    /// <summary>The rest of an event in one line.</summary>
    public static string Detail(AgentEvent happened)
    {
        var message = happened.Message == MessageKind.Unknown ? null : $"{happened.Message}";
        var reason = happened.Drop == DropReason.None ? null : $"{happened.Drop}";
        var code = happened.Code is { } number ? AgentStatistic.NameOf(happened.Message, number) : null;
        var isMobileIPv4 = happened.Message is MessageKind.RegistrationRequest or MessageKind.RegistrationReply;
        var count = happened.Count == 0 ? null : string.Create(
            CultureInfo.InvariantCulture, $"{happened.Count} {(isMobileIPv4 ? "prefix" : "binding")}{(happened.Count == 1 ? "" : isMobileIPv4 ? "es" : "s")}");
        var head = reason is null ? code : message is null ? reason : $"{message}: {reason}";
        return string.Join("; ", new[] { head, count, happened.Detail }.Where(part => !string.IsNullOrEmpty(part)));
    }
}
