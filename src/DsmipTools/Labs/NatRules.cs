using System.ComponentModel;
using System.Diagnostics;
using DsmipTools.Net;
using DsmipTools.Net.Namespaces;

namespace DsmipTools.Labs;

/// <summary>Address translation in a node, by nft(8).</summary>
internal static class NatRules
{
    private const string Program = "nft";

    /// <exception cref="NetException">The program is not installed.</exception>
    public static void ThrowUnlessThere() => Run(null, "--version");

    /// <summary>Gives what leaves by an interface, IPv4, the address of that interface.</summary>
    /// <exception cref="NetException">It cannot be done.</exception>
    public static void Translate(NetworkNamespace where, string outside) => Run(
        where, $"add table ip dsmip; add chain ip dsmip out {{ type nat hook postrouting priority 100; }}; add rule ip dsmip out oifname \"{outside}\" masquerade");

    private static void Run(NetworkNamespace? where, string argument)
    {
        Process Start() => Process.Start(new ProcessStartInfo(Program, [argument]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        try
        {
            using var process = where is null ? Start() : where.Run(Start);
            var said = process.StandardError.ReadToEnd();
            process.WaitForExit();
            if (process.ExitCode != 0)
            {
                throw new NetException(NetError.NotSupported, 0, $"A NAT cannot be made: nft says '{said.Trim()}'.");
            }
        }
        catch (Win32Exception exception)
        {
            throw new NetException(
                NetError.LibraryMissing, 0, "A NAT needs the program nft, which is not installed: 'apt-get install nftables', or 'dnf install nftables'.", exception);
        }
    }
}
