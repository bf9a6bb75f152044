using System.Diagnostics.CodeAnalysis;
using DsmipTools.Net;

namespace DsmipTools.Packets.Sending;

/// <summary>Where packets leave and answers come in. It is used by one thread at a time; <see cref="Wake"/> alone by any.</summary>
internal abstract class PacketLink : IDisposable
{
    /// <summary>Waits until something has come, somebody has called <see cref="Wake"/>, or a time is over.</summary>
    public abstract void Wait(TimeSpan timeout);

    /// <summary>Takes an answer if one has come.</summary>
    /// <exception cref="NetException">The network says that none will come.</exception>
    public abstract bool TryReceive([NotNullWhen(true)] out DsmipPacket? answer);

    /// <summary>Ends the present or the next wait; from any thread.</summary>
    public abstract void Wake();

    public abstract void Dispose();

    /// <summary>Forgets what came before: it answers nothing that is still to be sent.</summary>
    private protected void Drain()
    {
        while (true)
        {
            try
            {
                if (!TryReceive(out _))
                {
                    return;
                }
            }
            catch (NetException)
            {
                // It was about something sent before.
            }
        }
    }
}
