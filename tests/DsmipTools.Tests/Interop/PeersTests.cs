using System.Diagnostics;

namespace DsmipTools.Tests.Interop;

/// <summary>The judges are judged too: the peers' own tests hold their codecs against octets written out from the RFCs' figures, and the vectors against both.</summary>
public class PeersTests
{
    [Fact]
    public async Task The_tests_of_the_independent_peers_pass()
    {
        var start = new ProcessStartInfo("python3") { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var argument in (string[])["-m", "unittest", "discover", "-s", PythonPeer.Folder()])
        {
            start.ArgumentList.Add(argument);
        }

        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("python3 is not installed.");
            throw;
        }

        using (process)
        {
            var said = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.True(process.ExitCode == 0, said);
            Assert.Matches(@"Ran [1-9]\d* tests", said);
        }
    }
}
