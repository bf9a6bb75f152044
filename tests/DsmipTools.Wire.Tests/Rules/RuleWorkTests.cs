using System.Collections;
using DsmipTools.Wire.Decoding;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Ip.ExtensionHeaders;
using DsmipTools.Wire.Ip.Options;
using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.MobileIPv4.Extensions;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.MobilityHeader.Options;
using DsmipTools.Wire.Rules;

namespace DsmipTools.Wire.Tests.Rules;

/// <summary>Judging looks at each layer and each part a few times, however many there are: 64 kB of headers cost no second.</summary>
public class RuleWorkTests
{
    private const int MostLooks = 40;

    [Theory]
    [InlineData(500)]
    [InlineData(8000)]
    public void Layers_of_a_packet(int count)
    {
        var empty = new DestinationOptionsHeader { Options = [new GenericIPv6Option { OptionType = IPv6OptionType.PadN, Data = new byte[4] }] };
        Structure[] layers =
        [
            new IPv6Header { Source = "2001:db8:1::a", Destination = "2001:db8:2::b" },
            .. Enumerable.Repeat(empty, count),
            new BindingRefreshRequest(),
        ];
        var packet = new PacketDecoder().Decode(PacketComposer.Compose(layers));
        Assert.Equal(count + 2, packet.Layers.Count);
        var looked = new LookedAt([.. packet.Layers]);
        Assert.DoesNotContain(PacketRules.Check(looked, packet.Error), violation => violation.Severity == RuleSeverity.Error);
        Assert.InRange(looked.Looks, count, MostLooks * count);
    }

    public static TheoryData<string> Kinds => ["prefixes", "identifiers", "revocation support", "unknown", "mobility options"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Parts_of_a_message(string kind)
    {
        const int Count = 300;
        Extension authentication = new MobileHomeAuthenticationExtension { SecurityParameterIndex = 256, Authenticator = new byte[16] };
        Structure message = kind switch
        {
            "prefixes" => Requesting(new IPv6PrefixRequestExtension { Prefix = "2001:db8:7:1::/64" }),
            "identifiers" => Requesting(MobileNodeNaiExtension.Create("mn7@example.com")),
            "revocation support" => Requesting(new RevocationSupportExtension()),
            "unknown" => Requesting(new UnknownExtension { ExtensionType = 200 }),
            _ => new BindingUpdate { Options = [.. Enumerable.Repeat<MobilityOption>(new MobileNodeIdentifierOption { Identifier = new byte[1] }, Count)] },
        };

        RegistrationRequest Requesting(Extension extension) => new() { Extensions = [.. Enumerable.Repeat(extension, Count), authentication] };

        var layer = Assert.Single(new PacketDecoder().Decode(message).Layers);
        var looked = new LookedAt([.. layer.Children]);
        PacketRules.Judge(new Subject(layer, null, new PacketUnderTest([layer], null, isCut: false), 0, []) { Parts = looked });
        Assert.InRange(looked.Looks, Count, MostLooks * looked.Count);
    }

    /// <summary>A list that counts how often somebody looks at one of its layers.</summary>
    private sealed class LookedAt(Layer[] layers) : IReadOnlyList<Layer>
    {
        public int Looks { get; private set; }

        public int Count => layers.Length;

        public Layer this[int index]
        {
            get
            {
                Looks++;
                return layers[index];
            }
        }

        public IEnumerator<Layer> GetEnumerator()
        {
            foreach (var layer in layers)
            {
                Looks++;
                yield return layer;
            }
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
