namespace DsmipTools.Worlds;

/// <summary>A simulated world was asked to go on until something is done, and it will not be done.</summary>
public sealed class SimulationStalledException : InvalidOperationException
{
    /// <summary>Makes the exception without a reason.</summary>
    public SimulationStalledException()
        : base("The simulation cannot go on.")
    {
    }

    /// <summary>Makes the exception with the reason.</summary>
    public SimulationStalledException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception with the reason and its cause.</summary>
    public SimulationStalledException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
