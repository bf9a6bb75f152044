namespace DsmipTools.PowerShell.Procedures;

/// <summary>A step failed, so that the steps after it make no sense. The step has been noted.</summary>
public sealed class ProcedureStoppedException : Exception
{
    /// <summary>Makes the exception.</summary>
    public ProcedureStoppedException()
    {
    }

    /// <summary>Makes the exception.</summary>
    public ProcedureStoppedException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception.</summary>
    public ProcedureStoppedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
