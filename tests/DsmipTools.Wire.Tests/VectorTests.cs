using System.Globalization;
using System.Text.Json;
using DsmipTools.Wire.Decoding;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.MobileIPv4.Extensions;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.MobilityHeader.Options;
using DsmipTools.Wire.Security;
using DsmipTools.Wire.Tests.Support;

namespace DsmipTools.Wire.Tests;

/// <summary>tests/Vectors: messages made from the RFCs by an implementation that shares no code with this one.</summary>
public partial class VectorTests
{
    /// <summary>Names of the vectors that are not the name of the field in our table with a small first letter.</summary>
    private static readonly Dictionary<string, string> OtherNames = new()
    {
        ["r"] = "ReservedR",
        ["x"] = "ReservedX",
        ["headerLen"] = "HeaderLength",
        ["mhType"] = "Type",
        ["bindingRevocationType"] = "RevocationType",
        ["revocationTrigger"] = "Trigger",
        ["ipv4HoaBindingOnly"] = "IPv4HomeAddressBindingOnly",
        ["flagsReserved"] = "ReservedFlags",
        ["linkLocalAddressCompatibility"] = "LinkLocalCompatibility",
        ["keyManagementMobilityCapability"] = "KeyManagementMobility",
        ["forceUdpEncapsulationRequest"] = "ForcingUdpEncapsulation",
        ["handoffIndicator"] = "Indicator",
        ["spi"] = "SecurityParameterIndex",
        ["mnNai"] = "Nai",
        ["prefixLen"] = "PrefixLength",
    };

    [Fact]
    [Trait("Rfc", "5454-2.1-01")]
    [Trait("Rfc", "5454-2.1-02")]
    [Trait("Rfc", "5454-2.2-01")]
    [Trait("Rfc", "5454-2.2-02")]
    [Trait("Rfc", "5454-2.3-01")]
    [Trait("Rfc", "5454-2-01")]
    [Trait("Rfc", "5454-4-03")]
    public void Registration_messages()
    {
        var vectors = Read("rfc5454.json");
        Assert.InRange(vectors.Length, 40, 1000);
        Assert.All(vectors, vector =>
        {
            var octets = Convert.FromHexString(Text(vector, "hex"));
            var decoded = new PacketDecoder().DecodeMobileIPv4(octets);
            var message = Assert.IsType<MobileIPv4Message>(decoded.Message, exactMatch: false);
            Assert.Equal(octets, message.ToOctets().ToArray());
            AssertSays(vector, decoded, "extensions");
            Assert.Equal(vector.GetProperty("authenticatorValid").GetBoolean(), AuthenticatorIsRight(vector, octets));
        });
    }

    [Theory]
    [InlineData("rfc5846.json", 60)]
    [InlineData("rfc6275-family.json", 110)]
    [Trait("Rfc", "5846-4-03")]
    [Trait("Rfc", "5846-5-01")]
    [Trait("Rfc", "5846-5-02")]
    [Trait("Rfc", "5846-5-03")]
    [Trait("Rfc", "5846-5.1-01")]
    [Trait("Rfc", "5846-5.1-02")]
    [Trait("Rfc", "5846-5.1-04")]
    [Trait("Rfc", "5846-5.1-11")]
    [Trait("Rfc", "5846-5.2-01")]
    [Trait("Rfc", "5213-8.3-01")]
    [Trait("Rfc", "5213-8.6-01")]
    [Trait("Rfc", "5213-8.7-01")]
    [Trait("Rfc", "5844-3.3.1-01")]
    [Trait("Rfc", "5844-3.3.2-01")]
    [Trait("Rfc", "5844-3.3.2-02")]
    [Trait("Rfc", "5844-3.3.3-01")]
    [Trait("Rfc", "5844-3.3.4-01")]
    [Trait("Rfc", "5847-3.3-01")]
    [Trait("Rfc", "5847-3.4-01")]
    [Trait("Rfc", "5845-6.1-01")]
    public void Mobility_headers(string file, int least)
    {
        var vectors = Read(file);
        Assert.InRange(vectors.Length, least, 1000);
        Assert.All(vectors, vector =>
        {
            var octets = Convert.FromHexString(Text(vector, "hex"));
            var decoded = new PacketDecoder().DecodeMobilityHeader(octets);
            var message = Assert.IsType<MobilityMessage>(decoded.Message, exactMatch: false);
            Assert.Equal(octets, message.ToOctets().ToArray());
            AssertSays(vector, decoded, "options");
            var native = vector.GetProperty("nativeIPv6");
            MobilityHeaderView.WriteChecksum(octets, Text(native, "source"), Text(native, "destination"));
            Assert.Equal(native.GetProperty("checksum").GetInt32(), (octets[4] << 8) | octets[5]);
        });
    }

    [Theory]
    [InlineData("rfc5846.json", 55)]
    [InlineData("rfc6275-family.json", 105)]
    [Trait("Rfc", "5846-5.1-11")]
    [Trait("Rfc", "5213-8.3-02")]
    [Trait("Rfc", "5847-3.3-02")]
    public void Composing_a_mobility_header_gives_the_octets_of_the_vector(string file, int least)
    {
        var composable = Read(file)
            .Where(vector => vector.GetProperty("canonical").GetBoolean())
            .Select(vector => (Hex: Text(vector, "hex"), Message: Parse(Text(vector, "hex"))))
            .ToArray();
        Assert.InRange(composable.Length, least, 1000);
        Assert.All(composable, vector => Assert.Equal(vector.Hex, (vector.Message with
        {
            Options = [.. vector.Message.Options.Where(option => option is not (Pad1Option or PadNOption))],
            HeaderLength = null,
            Checksum = null,
            Verbatim = false,
        }).ToOctets().ToString()));
    }

    private static MobilityMessage Parse(string hex)
    {
        Assert.True(MobilityHeaderView.TryParse(Convert.FromHexString(hex), out var view, out var error), error.ToString());
        return MobilityMessage.From(view);
    }

    private static JsonElement[] Read(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(SourceTree.Vectors, file)));
        return [.. document.RootElement.Clone().EnumerateArray()];
    }

    private static void AssertSays(JsonElement vector, DecodedPacket decoded, string elements)
    {
        Assert.Null(decoded.Error);
        var layer = Assert.Single(decoded.Layers);
        AssertHeader(vector, layer);
        var children = vector.GetProperty(elements).EnumerateArray().ToArray();
        Assert.Equal(children.Select(child => child.GetProperty("offset").GetInt32()), layer.Children.Select(child => child.Offset));
        Assert.Equal(children.Select(child => LengthOf(child, elements == "extensions")), layer.Children.Select(child => child.Length));
        Assert.All(children.Zip(layer.Children), pair => AssertFields(pair.First, pair.Second));
    }

    private static void AssertHeader(JsonElement vector, Layer layer)
    {
        Assert.Equal(Text(vector, "message"), layer.Name.Replace(" ", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal), ignoreCase: true);
        AssertFields(vector.GetProperty("fields"), layer);
    }

    /// <summary>What an extension or option takes up: type 0 has no length, and a few extensions have the long form (RFC 5944, 1.10).</summary>
    private static int LengthOf(JsonElement element, bool isExtension) =>
        !element.TryGetProperty("length", out var length) ? 1
        : length.GetInt32() + (isExtension && element.GetProperty("type").GetInt32() is 36 or 38 or 47 ? 4 : 2);

    private static void AssertFields(JsonElement expected, Layer layer)
    {
        foreach (var property in expected.EnumerateObject().Where(property => property.Name is not ("name" or "offset" or "skippable")))
        {
            var name = property.Name == "data" && layer.Name == "PadN" ? "Padding" : OtherNames.GetValueOrDefault(property.Name, property.Name);
            if (name is "data" or "subtype" && layer.Name.StartsWith("Unknown", StringComparison.Ordinal) && layer["Subtype"] is null)
            {
                // What we have no table for: a vector may take the subtype out of the data.
                var subtype = expected.TryGetProperty("subtype", out var octet) ? octet.GetByte().ToString("x2", CultureInfo.InvariantCulture) : "";
                Assert.Equal(subtype + Text(expected, "data"), layer["Data"]!.Text);
                continue;
            }

            var field = layer[name];
            Assert.True(field is not null, $"{layer.Name} has no field {name}");
            Assert.Equal($"{name}: {Meant(property)}", $"{name}: {Is(property, field.Value)}");
        }
    }

    private static string Meant(JsonProperty property) => property.Value.ValueKind switch
    {
        JsonValueKind.String => property.Value.GetString()!,
        JsonValueKind.True => "True",
        JsonValueKind.False => "False",
        _ => property.Value.GetInt64().ToString(CultureInfo.InvariantCulture),
    };

    private static string Is(JsonProperty property, object value) => value switch
    {
        bool flag => flag.ToString(),
        Octets text when property.Name is "identifier" or "mnNai" => System.Text.Encoding.UTF8.GetString(text.Span),
        Octets octets => octets.ToString(),
        Address address => address.ToString(),
        ulong number => number.ToString("x16", CultureInfo.InvariantCulture),
        _ => Convert.ToInt64(value, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture),
    };

    private static bool AuthenticatorIsRight(JsonElement vector, byte[] octets)
    {
        var algorithm = Text(vector, "algorithm") switch
        {
            "md5" => AuthenticationAlgorithm.HmacMd5,
            "sha1" => AuthenticationAlgorithm.HmacSha1,
            _ => AuthenticationAlgorithm.HmacSha256,
        };
        using var authenticator = new MessageAuthenticator(algorithm, Convert.FromHexString(Text(vector, "key")));
        var type = (ExtensionType)(vector.TryGetProperty("authentication", out var authentication)
            ? authentication.GetInt32()
            : (int)ExtensionType.MobileHomeAuthentication);
        MobileIPv4ControlMessage.TryGetExtensions(octets, out var extensions, out _);
        foreach (var extension in extensions)
        {
            if (extension.Type == type)
            {
                return RegistrationAuthentication.Verify(octets, extension, authenticator);
            }
        }

        return false;
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
