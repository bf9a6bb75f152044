namespace DsmipTools.Hosting;

/// <summary>Whether an agent runs.</summary>
public enum AgentState
{
    /// <summary>It has not been started, or it was stopped: it holds no address and no bindings.</summary>
    Stopped,

    /// <summary>It receives messages.</summary>
    Running,
}
