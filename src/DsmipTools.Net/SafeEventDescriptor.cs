using System.Runtime.InteropServices;

namespace DsmipTools.Net;

/// <summary>A descriptor from eventfd(2): it wakes a thread that waits for something else.</summary>
internal sealed unsafe class SafeEventDescriptor : SafeDescriptor
{
    /// <summary>Ends the present or the next wait; from any thread.</summary>
    public void Signal()
    {
        // EAGAIN says that the counter is full: then a wake-up is there already.
        ulong one = 1;
        Linux.Write(this, &one, sizeof(ulong));
    }

    /// <summary>Waits once until a descriptor can be read or has an error, a signal has come, or a time is over. Signals are taken.</summary>
    /// <param name="other">The other descriptor.</param>
    /// <param name="milliseconds">How long; -1 for ever.</param>
    /// <param name="returned">What poll(2) says of the other descriptor.</param>
    /// <param name="signalled">True when a signal had come.</param>
    /// <returns>False when nothing was ready.</returns>
    public bool Poll(SafeHandle other, int milliseconds, out short returned, out bool signalled)
    {
        returned = 0;
        signalled = false;
        bool heldOther = false, heldThis = false;
        try
        {
            other.DangerousAddRef(ref heldOther);
            DangerousAddRef(ref heldThis);
            var descriptors = stackalloc Linux.PollDescriptor[2];
            descriptors[0] = new Linux.PollDescriptor { Descriptor = (int)other.DangerousGetHandle(), Events = Linux.Readable };
            descriptors[1] = new Linux.PollDescriptor { Descriptor = (int)handle, Events = Linux.Readable };
            if (Linux.Poll(descriptors, 2, milliseconds) <= 0)
            {
                return false;
            }

            returned = descriptors[0].Returned;
            signalled = (descriptors[1].Returned & Linux.Readable) != 0;
            if (signalled)
            {
                ulong count;
                Linux.Read(this, &count, sizeof(ulong));
            }

            return true;
        }
        finally
        {
            if (heldOther)
            {
                other.DangerousRelease();
            }

            if (heldThis)
            {
                DangerousRelease();
            }
        }
    }
}
