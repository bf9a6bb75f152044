using DsmipTools.Packets;
using DsmipTools.Wire;

namespace DsmipTools.Tests.Packets;

public sealed class PacketTextReaderTests
{
    /// <summary>20 octets, whose ASCII holds what looks like octets.</summary>
    private static readonly byte[] packet = [.. "ab cd  0000  45 00 \0\xFF"u8[..20]];

    public static TheoryData<string, string> Dumps => new()
    {
        {
            "Wireshark and tshark -x",
            """
            0000  61 62 20 63 64 20 20 30 30 30 30 20 20 34 35 20   ab cd  0000  45 
            0010  30 30 20 00                                       00 .
            """
        },
        {
            "Wireshark, older",
            """
            0000   61 62 20 63 64 20 20 30  30 30 30 20 20 34 35 20   ab cd  0 000  45 
            0010   30 30 20 00                                        00 .
            """
        },
        {
            "tcpdump -x",
            """
            21:51:36.112032 IP6 2001:db8::1 > 2001:db8::2: mobility: type 16
                0x0000:  6162 2063 6420 2030 3030 3020 2034 3520
                0x0010:  3030 2000
            """
        },
        {
            "tcpdump -X",
            """
            21:51:36.112032 IP (tos 0x0, ttl 64)
                192.0.2.1.434 > 192.0.2.2.434: UDP, length 60
            	0x0000:  6162 2063 6420 2030 3030 3020 2034 3520  ab.cd..0000..45.
            	0x0010:  3030 2000                                00..
            """
        },
        {
            "xxd",
            """
            00000000: 6162 2063 6420 2030 3030 3020 2034 3520  ab cd  0000  45 
            00000010: 3030 2000                                00 .
            """
        },
        {
            "hexdump -C",
            """
            00000000  61 62 20 63 64 20 20 30  30 30 30 20 20 34 35 20  |ab cd  0000  45 |
            00000010  30 30 20 00                                       |00 .|
            00000014
            """
        },
        {
            "od -Ax -tx1",
            """
            000000 61 62 20 63 64 20 20 30 30 30 30 20 20 34 35 20
            000010 30 30 20 00
            000014
            """
        },
        { "DsmipTools", HexText.Dump(packet) },
    };

    [Theory]
    [MemberData(nameof(Dumps))]
    public void Dumps_of_the_tools_are_read_whole_and_line_by_line(string tool, string dump)
    {
        Assert.NotEmpty(tool);
        foreach (var newline in new[] { "\n", "\r\n" })
        {
            var text = dump.ReplaceLineEndings(newline);
            Assert.Equal([packet], Read(text).Select(one => one.Octets.ToArray()));
            Assert.Equal([packet, packet], Read([.. text.Split('\n'), .. text.Split('\n')]).Select(one => one.Octets.ToArray()));
            Assert.Equal([packet, packet], Read(text + newline + text).Select(one => one.Octets.ToArray()));
        }
    }

    [Fact]
    public void A_dump_of_any_length_comes_back()
    {
        for (var length = 1; length < 70; length++)
        {
            // Octets that are hexadecimal digits in ASCII.
            var octets = Enumerable.Range(0, length).Select(number => (byte)"0123456789abcdef AF"[number % 19]).ToArray();
            Assert.Equal([octets], Read(HexText.Dump(octets)).Select(one => one.Octets.ToArray()));
        }
    }

    [Fact]
    public void A_star_stands_for_lines_like_the_one_before()
    {
        var read = Read("00000000  00 01 02 03 04 05 06 07  08 09 0a 0b 0c 0d 0e 0f  |................|\n*\n00000040  ff  |.|\n00000041");

        Assert.Equal([.. Enumerable.Range(0, 64).Select(number => (byte)(number % 16)), 255], Assert.Single(read).Octets.ToArray());
    }

    [Theory]
    [InlineData("0000  45 00\n0003  01", "Line 2: the offset is 0x0003, and 0x0002 octets")]
    [InlineData("0000  45 00\n0002  0x 01", "Line 2: The text is no hexadecimal at character 7")]
    [InlineData("0000  45 0\n", "Line 1: The text is no hexadecimal at character 10: the digit '0' stands alone")]
    [InlineData("0000  45 00\n*\n0005  01", "Line 3: the lines that a '*' stands for")]
    [InlineData("0000  45 00\n*\n7fffffff  01", "Line 3: the lines that a '*' stands for")]
    public void A_broken_packet_of_a_dump_says_where_and_the_next_one_is_read(string dump, string error)
    {
        var read = Read($"{dump}\n0000  3b 03\n0002  10 00");

        Assert.Equal(2, read.Count);
        Assert.StartsWith(error, read[0].Error, StringComparison.Ordinal);
        Assert.Equal("3b031000", read[1].Octets.ToString());
    }

    [Fact]
    public void Hexadecimal_is_a_packet_a_text_and_what_is_none_does_not_stop_the_others()
    {
        var read = Read("3b03", "3b0", "0x3b, 0x04;\n3b:05", "zz");

        Assert.Equal(["3b03", "", "3b043b05", ""], read.Select(one => one.Octets.ToString()));
        Assert.Contains("character 3: the digit '0' stands alone", read[1].Error, StringComparison.Ordinal);
        Assert.Contains("Line 4", read[3].Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Digits_that_could_be_an_offset_are_octets_unless_they_are_one()
    {
        Assert.Equal("000045", Assert.Single(Read("0000 45 ".TrimEnd().Replace(" ", "", StringComparison.Ordinal))).Octets.ToString());
        Assert.Equal("3b031000000001811267a000", Assert.Single(Read("3b031000 00000181 1267a000")).Octets.ToString());
        Assert.Equal("45", Assert.Single(Read("0000 45")).Octets.ToString());
        // Words in the byte order of another machine are no octets.
        Assert.Null(Assert.Single(Read("0000000 c3d4 a1b2".Replace("0000000 ", "0000 ", StringComparison.Ordinal))).Error);
    }

    [Fact]
    public void Nothing_throws_whatever_the_text()
    {
        var random = new Random(7);
        const string Alphabet = "0123456789abcdefx:|* \t\n\r.zAF";
        for (var run = 0; run < 3000; run++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(80)).Select(_ => Alphabet[random.Next(Alphabet.Length)]));
            Assert.All(Read("0000  45 00", text, text), one => Assert.True(one.Error is null || one.Octets.Length == 0));
        }
    }

    [Fact]
    public void Base64_says_where_it_is_none()
    {
        Assert.Equal("3b0310", Base64Text.Parse("Ow\n MQ").ToString());
        Assert.Equal("3b", Base64Text.Parse("Ow==").ToString());
        Assert.Contains("character 3", Assert.Throws<FormatException>(() => Base64Text.Parse("Ow!=")).Message, StringComparison.Ordinal);
        Assert.Contains("character 4", Assert.Throws<FormatException>(() => Base64Text.Parse("Ow=x")).Message, StringComparison.Ordinal);
        Assert.Contains("groups of 4", Assert.Throws<FormatException>(() => Base64Text.Parse("OwM")).Message, StringComparison.Ordinal);
        Assert.Contains("groups of 4", Assert.Throws<FormatException>(() => Base64Text.Parse("O===")).Message, StringComparison.Ordinal);
    }

    private static List<TextPacket> Read(params string[] texts)
    {
        var reader = new PacketTextReader();
        return [.. texts.SelectMany(reader.Read), .. reader.Complete()];
    }
}
