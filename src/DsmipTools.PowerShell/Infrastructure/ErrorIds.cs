namespace DsmipTools.PowerShell.Infrastructure;

/// <summary>The ids of error records; scripts compare them, so they do not change.</summary>
public static class ErrorIds
{
    /// <summary>There is no agent with this name.</summary>
    public const string AgentNotFound = nameof(AgentNotFound);

    /// <summary>There is an agent with this name already.</summary>
    public const string AgentNameTaken = nameof(AgentNameTaken);

    /// <summary>The agent is of another role than the cmdlet needs.</summary>
    public const string WrongAgentKind = nameof(WrongAgentKind);

    /// <summary>A parameter is for agents of another role.</summary>
    public const string ParameterNotForAgentKind = nameof(ParameterNotForAgentKind);

    /// <summary>The agent does not run, or runs already.</summary>
    public const string InvalidAgentState = nameof(InvalidAgentState);

    /// <summary>A parameter value is out of its range or does not fit another.</summary>
    public const string InvalidArgument = nameof(InvalidArgument);

    /// <summary>A prefix or network has bits set beyond its length.</summary>
    public const string PrefixHasHostBits = nameof(PrefixHasHostBits);

    /// <summary>The address and port are in use.</summary>
    public const string AddressInUse = nameof(AddressInUse);

    /// <summary>The address is none of this machine.</summary>
    public const string AddressNotAvailable = nameof(AddressNotAvailable);

    /// <summary>A privilege is missing; the message names it.</summary>
    public const string AccessDenied = nameof(AccessDenied);

    /// <summary>The network refused for another reason.</summary>
    public const string NetworkError = nameof(NetworkError);

    /// <summary>Nobody answered within the configured retries.</summary>
    public const string Timeout = nameof(Timeout);

    /// <summary>The home agent's answers have no right authenticator: the keys differ.</summary>
    public const string AuthenticationFailed = nameof(AuthenticationFailed);

    /// <summary>The home agent refused the registration with a code.</summary>
    public const string RegistrationRefused = nameof(RegistrationRefused);

    /// <summary>The local mobility anchor refused the update with a status.</summary>
    public const string BindingRefused = nameof(BindingRefused);

    /// <summary>The local mobility anchor's answer does not echo the update, and was ignored.</summary>
    public const string AnswerNotEchoed = nameof(AnswerNotEchoed);

    /// <summary>There is no security association for this home address or destination, and SPI.</summary>
    public const string SecurityAssociationNotFound = nameof(SecurityAssociationNotFound);

    /// <summary>There is a security association for this home address or destination, and SPI, already.</summary>
    public const string SecurityAssociationExists = nameof(SecurityAssociationExists);

    /// <summary>No binding matches.</summary>
    public const string BindingNotFound = nameof(BindingNotFound);

    /// <summary>The mobile node is attached already.</summary>
    public const string SubscriberAttached = nameof(SubscriberAttached);

    /// <summary>The mobile node is not attached.</summary>
    public const string SubscriberNotAttached = nameof(SubscriberNotAttached);

    /// <summary>The trigger does not fit what is to be revoked.</summary>
    public const string InvalidTrigger = nameof(InvalidTrigger);

    /// <summary>A peer rejected a revocation.</summary>
    public const string RevocationRejected = nameof(RevocationRejected);

    /// <summary>A file or text is no packet.</summary>
    public const string MalformedPacket = nameof(MalformedPacket);

    /// <summary>What was to be composed breaks a rule; the message lists all.</summary>
    public const string PacketBreaksRule = nameof(PacketBreaksRule);

    /// <summary>A file cannot be read or written.</summary>
    public const string FileError = nameof(FileError);

    /// <summary>This machine has no interface of this name, or it is down.</summary>
    public const string InterfaceNotFound = nameof(InterfaceNotFound);

    /// <summary>There is no ability of a host with this name.</summary>
    public const string AbilityNotFound = nameof(AbilityNotFound);

    /// <summary>There is no capture with this name.</summary>
    public const string CaptureNotFound = nameof(CaptureNotFound);

    /// <summary>There is a capture with this name already.</summary>
    public const string CaptureNameTaken = nameof(CaptureNameTaken);

    /// <summary>There is no tunnel with this name.</summary>
    public const string TunnelNotFound = nameof(TunnelNotFound);

    /// <summary>There is a tunnel with this name already.</summary>
    public const string TunnelNameTaken = nameof(TunnelNameTaken);

    /// <summary>There is no lab with this name.</summary>
    public const string LabNotFound = nameof(LabNotFound);

    /// <summary>There is a lab with this name already.</summary>
    public const string LabNameTaken = nameof(LabNameTaken);

    /// <summary>The lab has no node with this name.</summary>
    public const string LabNodeNotFound = nameof(LabNodeNotFound);

    /// <summary>The lab has a node with this name already.</summary>
    public const string LabNodeNameTaken = nameof(LabNodeNameTaken);

    /// <summary>The lab has no link with this name.</summary>
    public const string LabLinkNotFound = nameof(LabLinkNotFound);

    /// <summary>The lab has a link with this name already.</summary>
    public const string LabLinkNameTaken = nameof(LabLinkNameTaken);

    /// <summary>This machine has such a route or address already, from somebody else.</summary>
    public const string AlreadyExists = nameof(AlreadyExists);

    /// <summary>A capture filter is not in the language of filters.</summary>
    public const string InvalidFilter = nameof(InvalidFilter);

    /// <summary>There is no procedure with this name.</summary>
    public const string ProcedureNotFound = nameof(ProcedureNotFound);

    /// <summary>A procedure is no valid script.</summary>
    public const string InvalidProcedure = nameof(InvalidProcedure);

    /// <summary>A procedure cmdlet was called outside a procedure.</summary>
    public const string NotInProcedure = nameof(NotInProcedure);

    /// <summary>A step of a procedure failed.</summary>
    public const string StepFailed = nameof(StepFailed);

    /// <summary>This world or system cannot do it.</summary>
    public const string NotSupported = nameof(NotSupported);

    /// <summary>A fault of DsmipTools itself.</summary>
    public const string InternalError = nameof(InternalError);
}
