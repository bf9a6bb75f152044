using System.Diagnostics;
using System.Security.Cryptography;
using DsmipTools.Wire.Ip;
using DsmipTools.Worlds;

namespace DsmipTools.Tests.Worlds;

/// <summary>One seed gives the same capture file in every process.</summary>
public sealed class DeterminismTests
{
    private const string ChildOutput = "DSMIPTOOLS_DETERMINISM_OUTPUT";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_seed_gives_one_capture_in_every_process()
    {
        var capture = await Capture(11);
        if (Environment.GetEnvironmentVariable(ChildOutput) is { } output)
        {
            // This is the other process: it only says what it got.
            await File.WriteAllTextAsync(output, Hash(capture), Cancel);
            return;
        }

        Assert.True(capture.Length > 50_000);
        Assert.Equal(Hash(capture), Hash(await Capture(11)));
        Assert.NotEqual(Hash(capture), Hash(await Capture(12)));
        Assert.Equal(Hash(capture), await HashOfAnotherProcess());
    }

    private static string Hash(byte[] octets) => Convert.ToHexString(SHA256.HashData(octets));

    private static async Task<byte[]> Capture(ulong seed)
    {
        using var file = new MemoryStream();
        await using var world = new SimulatedWorld(seed)
        {
            DefaultLink = new Link { Loss = 0.1, Duplication = 0.05, Reordering = 0.05, Corruption = 0.02, Jitter = TimeSpan.FromMilliseconds(4) },
        };
        using var capture = new PacketCapture(file, leaveOpen: true);
        world.Capture = capture;
        var agents = Enumerable.Range(1, 8).Select(number =>
        {
            var name = "agent" + number;
            return new TestAgent(name, world.CreateRandom(name), new Endpoint(Address.FromIPv4(0xC0000200 + (uint)number), 434));
        }).ToArray();
        Array.ForEach(agents, agent => world.Add(agent));
        List<Task> begun = [];
        for (var round = 0; round < 40; round++)
        {
            foreach (var agent in agents)
            {
                var peer = agents[(round + agent.Name.Length + agent.Name[^1]) % agents.Length].LocalEndpoint;
                begun.Add(world.Begin(agent, now => agent.Ask(peer, now), Cancel));
            }

            world.Advance(TimeSpan.FromMilliseconds(7));
        }

        Assert.True(world.RunUntilQuiet(TimeSpan.FromMinutes(1)));
        await Task.WhenAll(begun);
        capture.Dispose();
        return file.ToArray();
    }

    private static async Task<string> HashOfAnotherProcess()
    {
        var output = Path.GetTempFileName();
        try
        {
            var start = new ProcessStartInfo(
                "dotnet",
                [
                    "exec", typeof(DeterminismTests).Assembly.Location, "-noLogo", "-method",
                    $"{typeof(DeterminismTests).FullName}.{nameof(One_seed_gives_one_capture_in_every_process)}",
                ])
            {
                RedirectStandardOutput = true,
            };
            start.Environment[ChildOutput] = output;
            using var process = Process.Start(start)!;
            var text = await process.StandardOutput.ReadToEndAsync(Cancel);
            await process.WaitForExitAsync(Cancel);
            Assert.True(process.ExitCode == 0, text);
            return await File.ReadAllTextAsync(output, Cancel);
        }
        finally
        {
            File.Delete(output);
        }
    }
}
