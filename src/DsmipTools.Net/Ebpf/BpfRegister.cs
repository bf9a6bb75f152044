namespace DsmipTools.Net.Ebpf;

/// <summary>The registers of a program in the kernel. Calls take R1 to R5 and overwrite them, and give back R0; R6 to R9 are kept.</summary>
internal enum BpfRegister : byte
{
    R0,
    R1,
    R2,
    R3,
    R4,
    R5,
    R6,
    R7,
    R8,
    R9,

    /// <summary>The end of the 512 octets of stack: offsets from it are negative.</summary>
    Frame,
}

/// <summary>How much of memory is loaded or stored, as it stands in instructions.</summary>
internal enum BpfWidth : byte
{
    Word = 0x00,
    Short = 0x08,
    Octet = 0x10,
    Long = 0x18,
}

/// <summary>The functions of the kernel that programs call (enum bpf_func_id). None of these is for programs under the GPL only.</summary>
internal enum BpfHelper
{
    MapLookup = 1,
    Random = 7,
    StoreBytes = 9,
    Redirect = 23,
    LoadBytes = 26,
    ChecksumDifference = 28,
    ChangeHead = 43,
    AdjustRoom = 50,
    RedirectNeighbour = 152,
}
