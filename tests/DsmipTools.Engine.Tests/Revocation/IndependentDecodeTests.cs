using System.Diagnostics;
using System.Text.Json;
using DsmipTools.Engine.ProxyMobileIPv6;
using DsmipTools.Engine.Revocation;
using DsmipTools.Engine.Tests.Simulation;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.MobilityHeader.Options;
using static DsmipTools.Engine.Tests.Simulation.Domain;

namespace DsmipTools.Engine.Tests.Revocation;

/// <summary>Every kind of message that anchor and gateway send, read by a decoder that shares nothing with this code (tests/Peers/decode.py).</summary>
public sealed class IndependentDecodeTests
{
    [Fact]
    [Trait("Rfc", "5846-5-01")]
    [Trait("Rfc", "5846-5-02")]
    [Trait("Rfc", "5846-5.1-01")]
    [Trait("Rfc", "5846-5.2-01")]
    public void A_decoder_that_we_did_not_write_reads_what_we_meant_and_has_no_remarks()
    {
        var network = new Network(5);
        var anchor = network.Add(Anchor());
        var gateway = network.Add(Gateway());
        var other = network.Add(Gateway(GatewayOptions(2), 3));
        Attach(gateway, "mn1@example.com", HandoffIndicator.NewInterface);
        Attach(gateway, "mn2@example.com", HandoffIndicator.Unknown);
        Attach(gateway, "mn3@example.org", HandoffIndicator.NewInterface);
        Attach(other, "mn1@example.com", HandoffIndicator.BetweenGateways);
        network.Do(gateway, now => gateway.Detach("mn2@example.com", now));
        network.Run(TimeSpan.FromSeconds(1));
        Revoke(RevocationRequest.MobileNode("mn1@example.com", trigger: RevocationTrigger.UserInitiatedSessionTermination));
        Attach(other, "mn1@example.com", HandoffIndicator.NewInterface);
        Revoke(RevocationRequest.MobileNode("mn1@example.com", trigger: RevocationTrigger.InterMagHandoverSameAccessType));
        Revoke(RevocationRequest.Realm("example.com"));
        Revoke(RevocationRequest.Peer(gateway.LocalEndpoint.Address));
        // Refusals: a stale timestamp, an update without options, a gateway that would revoke everything.
        var cell = new Probe(Anchor());
        cell.Deliver(Update(cell, skew: TimeSpan.FromHours(-1)), FromGateway());
        cell.Deliver(Update(cell) with { Options = default }, FromGateway());
        cell.Deliver(Indicate(RevocationTrigger.PerPeerPolicy, 7, "mag1"), FromGateway());

        List<SentMessage> sent = [.. network.Sent, .. cell.Sent];
        var decoded = Decode(sent);
        Assert.Equal(sent.Count, decoded.Count);
        Assert.All(decoded, message => Assert.Equal("[]", message.TryGetProperty("remarks", out var remarks) ? remarks.GetRawText() : message.GetRawText()));
        Assert.Equal(
            ["bindingAcknowledgement", "bindingRevocationAcknowledgement", "bindingRevocationIndication", "bindingUpdate"],
            decoded.Select(message => message.GetProperty("message").GetString()).Distinct().Order());
        Assert.Equal(sent.Select(Meant), decoded.Select(Read));
        Assert.Equal([0, 132, 0, 0, 130], Statuses(decoded));

        void Attach(MobileAccessGateway at, string identifier, HandoffIndicator indicator)
        {
            network.Do(at, now => at.Attach(identifier, null, indicator, now));
            network.Run(TimeSpan.FromSeconds(1));
        }

        void Revoke(RevocationRequest request)
        {
            network.Do(anchor, now => anchor.Revoke(request, now));
            network.Run(TimeSpan.FromSeconds(1));
        }
    }

    [Fact]
    [Trait("Rfc", "5846-5.1-01")]
    [Trait("Rfc", "5846-5.1-09")]
    [Trait("Rfc", "5846-5.1-10")]
    [Trait("Rfc", "5846-5.2-03")]
    public void It_reads_several_prefixes_interfaces_IPv4_home_addresses_subgroups_bulk_revocations_and_handovers_too()
    {
        var network = new Network(6);
        var anchor = network.Add(Anchor(AnchorOptions(Transport.IPv6) with
        {
            PrefixesPerSession = 2,
            IPv4HomeNetwork = IPv4HomeNetwork.Parse("192.0.2.0/24") with { GatewaysAreDhcpServers = true },
            RevokesOnHandover = true,
            GlobalRevocation = [new() { Identity = "mag1", CareOfAddresses = [GatewayAddress(Transport.IPv6, 1)] }],
        }));
        var gateway = network.Add(Gateway(GatewayOptions(1, Transport.IPv6)));
        var other = network.Add(Gateway(GatewayOptions(2, Transport.IPv6), 3));
        Attach(gateway, new() { Identifier = "mn1@example.com", LinkLayerIdentifier = Octets.FromHex("020000000001"), IPv4HomeAddress = Address.AnyIPv4 });
        Attach(gateway, new() { Identifier = "mn1@example.com", LinkLayerIdentifier = Octets.FromHex("0200000000000002") });
        Attach(gateway, new() { Identifier = "mn2@example.com", IPv6 = false, IPv4HomeAddress = "192.0.2.99", IPv4PrefixLength = 24 });
        Attach(gateway, new() { Identifier = "mn3@example.org" });
        Attach(other, new() { Identifier = "mn3@example.org", HandoffIndicator = HandoffIndicator.BetweenGateways });
        Attach(other, new() { Identifier = "mn2@example.com", HandoffIndicator = HandoffIndicator.Unknown });
        Revoke(anchor, RevocationRequest.IPv4("mn1@example.com"));
        Revoke(anchor, RevocationRequest.MobileNode("mn1@example.com", ["2001:db8:100::/64", "2001:db8:100:2::/64"]));
        Revoke(anchor, RevocationRequest.Realm("example.org", GatewayAddress(Transport.IPv6, 2)));
        Revoke(gateway, RevocationRequest.Gateway(GatewayAddress(Transport.IPv6, 1)));
        var cell = new Probe(Anchor());
        cell.Deliver(Update(cell), FromGateway());
        HomeNetworkPrefixOption[] prefixes = [new() { Prefix = "2001:db8:100::/64" }, new() { Prefix = "2001:db8:100:9::/64" }];
        cell.Deliver(Indicate(RevocationTrigger.AdministrativeReason, 7, Node, prefixes), FromGateway());

        List<SentMessage> sent = [.. network.Sent, .. cell.Sent];
        var decoded = Decode(sent);
        Assert.Equal(sent.Select(Meant), decoded.Select(Read));
        // Over IPv6 the checksum is there, which over UDP would be worth a remark.
        Assert.DoesNotContain(
            decoded.SelectMany(message => message.GetProperty("remarks").EnumerateArray()).Select(remark => remark.GetString()!),
            remark => !remark.StartsWith("RFC 5844, 4.1.3.2: the mobility header checksum", StringComparison.Ordinal));
        Assert.Equal(
            [2, 4, 5, 1, 129, 128],
            decoded.Where(message => message.GetProperty("message").GetString() == "bindingRevocationIndication")
                .Select(message => message.GetProperty("fields").GetProperty("revocationTrigger").GetInt32()));
        Assert.Equal([132, 132, 0, 0, 0, 0, 1], Statuses(decoded));
        int[] kinds = [3, 8, 22, 23, 24, 25, 27, 36, 37, 38, 39];
        var read = decoded.SelectMany(message => message.GetProperty("options").EnumerateArray()).Select(option => option.GetProperty("type").GetInt32()).ToHashSet();
        Assert.All(kinds, kind => Assert.Contains(kind, read));

        void Attach(MobileAccessGateway at, AttachmentRequest request)
        {
            network.Do(at, now => at.Attach(request, now));
            network.Run(TimeSpan.FromSeconds(1));
        }

        void Revoke(Agent agent, RevocationRequest request)
        {
            network.Do(agent, now => agent is MobileAccessGateway own ? own.Revoke(request, now) : anchor.Revoke(request, now));
            network.Run(TimeSpan.FromSeconds(1));
        }
    }

    /// <summary>The fields and options of a message as this code means them.</summary>
    private static string Meant(SentMessage sent) => sent.Message switch
    {
        BindingUpdate update => Line("bindingUpdate", update.SequenceNumber, update.Lifetime, update.Acknowledge, update.ProxyRegistration, sent),
        BindingAcknowledgement answer => Line("bindingAcknowledgement", answer.SequenceNumber, answer.Lifetime, (int)answer.Status, answer.ProxyRegistration, sent),
        BindingRevocationIndication indication => Line(
            "bindingRevocationIndication", indication.SequenceNumber, (int)indication.Trigger, indication.Global, indication.ProxyBinding, sent),
        BindingRevocationAcknowledgement revoked => Line(
            "bindingRevocationAcknowledgement", revoked.SequenceNumber, (int)revoked.Status, revoked.Global, revoked.ProxyBinding, sent),
        _ => sent.ToString(),
    };

    private static string Line(string message, params object[] values) => string.Join(' ', values[..^1].Prepend(message)).ToLowerInvariant() + " "
        + string.Join(' ', ((SentMessage)values[^1]).Message.Options.Select(option => (int)option.Type));

    private static string Read(JsonElement message)
    {
        var fields = message.GetProperty("fields");
        var name = message.GetProperty("message").GetString()!;
        string[] names = name switch
        {
            "bindingUpdate" => ["sequenceNumber", "lifetime", "acknowledge", "proxyRegistration"],
            "bindingAcknowledgement" => ["sequenceNumber", "lifetime", "status", "proxyRegistration"],
            "bindingRevocationIndication" => ["sequenceNumber", "revocationTrigger", "global", "proxyBinding"],
            _ => ["sequenceNumber", "status", "global", "proxyBinding"],
        };
        var values = names.Select(field => fields.GetProperty(field).GetRawText()).Prepend(name);
        var options = message.GetProperty("options").EnumerateArray().Select(option => option.GetProperty("type").GetRawText());
        return string.Join(' ', values).ToLowerInvariant() + " " + string.Join(' ', options);
    }

    private static IEnumerable<int> Statuses(IEnumerable<JsonElement> decoded) => decoded
        .Where(message => message.GetProperty("message").GetString() == "bindingRevocationAcknowledgement")
        .Select(message => message.GetProperty("fields").GetProperty("status").GetInt32());

    private static List<JsonElement> Decode(IEnumerable<SentMessage> sent)
    {
        using var python = Start() is { } started ? started : null;
        Assert.SkipWhen(python is null, "python3 is not installed");
        foreach (var message in sent)
        {
            python!.StandardInput.WriteLine(message.Octets);
        }

        python!.StandardInput.Close();
        var lines = python.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        python.WaitForExit();
        return [.. lines.Select(line => JsonDocument.Parse(line).RootElement)];
    }

    private static Process? Start()
    {
        var folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "tests", "Peers", "decode.py")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        folder ??= SourceFolder();
        try
        {
            return Process.Start(new ProcessStartInfo("python3")
            {
                ArgumentList = { Path.Combine(folder, "tests", "Peers", "decode.py"), "--kind", "mobility" },
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            });
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    /// <summary>The checkout, where the build output lies elsewhere.</summary>
    private static string SourceFolder([System.Runtime.CompilerServices.CallerFilePath] string path = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "..", "..", ".."));
}
