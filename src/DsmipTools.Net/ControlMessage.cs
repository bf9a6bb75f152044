using System.Runtime.InteropServices;

namespace DsmipTools.Net;

/// <summary>What the kernel says about a packet besides its octets (cmsg(3)).</summary>
internal static unsafe class ControlMessage
{
    /// <summary>Takes the next one off the front; false when there is none.</summary>
    public static bool TryTake(scoped ref ReadOnlySpan<byte> control, out int level, out int type, out ReadOnlySpan<byte> data)
    {
        (level, type) = (0, 0);
        data = [];
        if (control.Length < sizeof(Linux.ControlHeader))
        {
            return false;
        }

        var header = MemoryMarshal.Read<Linux.ControlHeader>(control);
        var length = (int)Math.Min(header.Length, (nuint)control.Length);
        if (length < sizeof(Linux.ControlHeader))
        {
            return false;
        }

        (level, type) = (header.Level, header.Type);
        data = control[sizeof(Linux.ControlHeader)..length];
        control = control[Math.Min(control.Length, (length + nint.Size - 1) / nint.Size * nint.Size)..];
        return true;
    }
}
