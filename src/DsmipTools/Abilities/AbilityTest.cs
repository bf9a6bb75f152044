namespace DsmipTools.Abilities;

/// <summary>How an ability is tested.</summary>
/// <param name="Name">The name of the ability.</param>
/// <param name="Prevents">What cannot be done without it.</param>
/// <param name="Find">Looks.</param>
internal sealed record AbilityTest(string Name, string Prevents, Func<HostInspection, Finding> Find)
{
    private const string LinuxOnly = "Linux only";

    /// <summary>True for what other systems have too.</summary>
    public bool IsPortable { get; init; }

    public HostAbility Run(HostInspection host)
    {
        var finding = IsPortable || OperatingSystem.IsLinux()
            ? Find(host)
            : new Finding(LinuxOnly, "Use Linux, or a virtual machine with it. Simulated and Loopback worlds and packet cmdlets work here.");
        return new HostAbility(Name, finding.Fix is null, finding.Detail, finding.Fix is null ? null : Prevents, finding.Fix);
    }
}
