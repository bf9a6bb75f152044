using Microsoft.Win32.SafeHandles;

namespace DsmipTools.Net;

/// <summary>A descriptor that close(2) gives back.</summary>
internal abstract class SafeDescriptor() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    // The calls return an int, and what is above it in the register counts for nothing: -1 may come as 4294967295.
    public override bool IsInvalid => (int)handle <= 0;

    protected override bool ReleaseHandle() => Linux.Close(handle) == 0;
}
