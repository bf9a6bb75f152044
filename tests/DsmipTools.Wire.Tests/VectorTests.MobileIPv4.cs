using DsmipTools.Wire.Decoding;
using DsmipTools.Wire.MobileIPv4;

namespace DsmipTools.Wire.Tests;

/// <content>Mobile IPv4 beyond RFC 5454.</content>
public partial class VectorTests
{
    [Theory]
    [InlineData("rfc3024.json", 9)]
    [InlineData("rfc3115.json", 11)]
    [InlineData("rfc3519.json", 15)]
    [InlineData("rfc3543.json", 20)]
    [InlineData("rfc4433.json", 3)]
    [InlineData("rfc4721.json", 13)]
    [InlineData("rfc5177.json", 8)]
    [InlineData("rfc5944.json", 34)]
    public void Mobile_IPv4_control_messages(string file, int least)
    {
        var vectors = Read(file).Where(vector => Text(vector, "message") != "tunnelData").ToArray();
        Assert.InRange(vectors.Length, least, 1000);
        Assert.All(vectors, vector =>
        {
            var octets = Convert.FromHexString(Text(vector, "hex"));
            var decoded = new PacketDecoder().DecodeMobileIPv4(octets);
            var message = Assert.IsType<MobileIPv4ControlMessage>(decoded.Message, exactMatch: false);
            Assert.Equal(octets, message.ToOctets().ToArray());
            AssertSays(vector, decoded, "extensions");
        });
        Assert.All(vectors.Where(vector => vector.TryGetProperty("key", out _)), vector => Assert.Equal(
            vector.GetProperty("authenticatorValid").GetBoolean(), AuthenticatorIsRight(vector, Convert.FromHexString(Text(vector, "hex")))));
    }

    [Fact]
    public void Tunnel_data()
    {
        var vectors = Read("rfc3519.json").Where(vector => Text(vector, "message") == "tunnelData").ToArray();
        Assert.InRange(vectors.Length, 3, 1000);
        Assert.All(vectors, vector =>
        {
            var octets = Convert.FromHexString(Text(vector, "hex"));
            var decoded = new PacketDecoder().DecodeMobileIPv4(octets);
            Assert.Null(decoded.Error);
            AssertHeader(vector, decoded.Layers[0]);
            Assert.True(MobileIPv4Message.TryParse(octets, out var message, out var error), error.ToString());
            Assert.Equal(octets, message!.ToOctets().ToArray());
            Assert.Equal(Text(vector, "payload"), Assert.IsType<TunnelData>(message).Payload.ToString());
        });
    }
}
