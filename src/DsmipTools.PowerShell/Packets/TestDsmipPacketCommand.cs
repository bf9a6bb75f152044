using System.Management.Automation;
using System.Security;
using System.Security.Cryptography;
using DsmipTools.Packets;
using DsmipTools.PowerShell.Infrastructure;
using DsmipTools.PowerShell.Infrastructure.Completion;
using DsmipTools.PowerShell.Security;
using DsmipTools.Wire;
using DsmipTools.Wire.Rules;
using DsmipTools.Wire.Security;

namespace DsmipTools.PowerShell.Packets;

/// <summary>Judges packets and messages by the rules of their RFCs.</summary>
[Cmdlet(VerbsDiagnostic.Test, "DsmipPacket", DefaultParameterSetName = ViolationsSet)]
[OutputType(typeof(RuleViolation), ParameterSetName = [ViolationsSet])]
[OutputType(typeof(bool), ParameterSetName = [QuietSet])]
public sealed class TestDsmipPacketCommand : DsmipCmdlet
{
    private const string ViolationsSet = "Violations";
    private const string QuietSet = "Quiet";

    private readonly PacketInput input = new();
    private WildcardPattern[] patterns = [];
    private RuleSeverity least;
    private RuleKeys? keys;

    /// <summary>A packet, a message, or octets.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [AllowEmptyCollection]
    public PSObject InputObject { get; set; } = new();

    /// <summary>Gives true or false for each packet.</summary>
    [Parameter(Mandatory = true, ParameterSetName = QuietSet)]
    public SwitchParameter Quiet { get; set; }

    /// <summary>The least severity that counts.</summary>
    [Parameter]
    public RuleSeverity Severity { get; set; }

    /// <summary>The ids of the rules that count; wildcards are allowed.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(RuleCompleter))]
    public string[] Rule { get; set; } = ["*"];

    /// <summary>The key to verify authenticators with.</summary>
    [Parameter]
    [ValidateNotNull]
    public SecureString? Key { get; set; }

    /// <summary>The Security Parameter Index that the key is for.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(SpiCompleter))]
    public uint? Spi { get; set; }

    /// <summary>The algorithm of the key.</summary>
    [Parameter]
    public AuthenticationAlgorithm Algorithm { get; set; }

    /// <summary>How the key is written.</summary>
    [Parameter]
    public KeyFormat KeyFormat { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        patterns = [.. Rule.Select(rule => new WildcardPattern(rule, WildcardOptions.IgnoreCase))];
        least = Quiet && !MyInvocation.BoundParameters.ContainsKey(nameof(Severity)) ? RuleSeverity.Error : Severity;
        if (Key is null && (Spi is not null || MyInvocation.BoundParameters.ContainsKey(nameof(Algorithm)) || MyInvocation.BoundParameters.ContainsKey(nameof(KeyFormat))))
        {
            ThrowTerminatingError(ErrorRecords.Create(
                "-Spi, -Algorithm and -KeyFormat say what -Key is for: give the key, or leave them out to use the security associations of the session.",
                ErrorIds.InvalidArgument, ErrorCategory.InvalidArgument, null));
        }

        try
        {
            keys = Key is null ? KeysOfSession() : KeyOf(Key);
        }
        catch (ArgumentException exception)
        {
            ThrowTerminatingError(ErrorRecords.From(exception, null));
        }
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (Try(InputObject.BaseObject, () => input.Take(InputObject.BaseObject), out var taken))
        {
            Judge(taken);
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing() => Judge(input.Rest());

    private static RuleKeys? KeysOfSession() =>
        Agents.SecurityAssociations.List().Count == 0 ? null : PacketChecking.KeysOf(Agents.SecurityAssociations);

    private RuleKeys KeyOf(SecureString key)
    {
        var octets = SecretKey.OctetsOf(key, KeyFormat);
        try
        {
            return RuleKeys.Of(Spi, Algorithm, octets);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(octets);
        }
    }

    private void Judge(IEnumerable<object> taken)
    {
        foreach (var one in taken)
        {
            var violations = (one is DsmipPacket packet ? packet.Check(keys) : PacketRules.Check((Structure)one, keys))
                .Where(violation => violation.Severity >= least && patterns.Any(pattern => pattern.IsMatch(violation.Rule)));
            if (Quiet)
            {
                WriteObject(!violations.Any());
            }
            else
            {
                WriteObject(violations, enumerateCollection: true);
            }
        }
    }
}
