@{
    RootModule           = 'module/DsmipTools.psm1'
    ModuleVersion        = '0.1.0'
    GUID                 = 'd3276d9d-bad9-47f5-998f-74d6d12ccce3'
    Author               = 'The DsmipTools developers'
    CompanyName          = 'The DsmipTools developers'
    Copyright            = '(c) The DsmipTools developers. MIT licence.'
    Description          = 'Agents, packets and test procedures for Dual-Stack Mobile IPv4 (RFC 5454) and Binding Revocation for IPv6 Mobility (RFC 5846).'
    CompatiblePSEditions = @('Core')
    PowerShellVersion    = '7.6'
    FormatsToProcess     = @('module/DsmipTools.Format.ps1xml', 'module/DsmipTools.Packets.Format.ps1xml', 'module/DsmipTools.Rules.Format.ps1xml', 'module/DsmipTools.Environment.Format.ps1xml', 'module/DsmipTools.Labs.Format.ps1xml')
    TypesToProcess       = @('module/DsmipTools.Types.ps1xml')

    # Named one by one: wildcards here would make PowerShell load the assembly just to look a command up.
    CmdletsToExport      = @(
        'Add-DsmipLabLink'
        'Add-DsmipLabNode'
        'Compare-DsmipPacket'
        'Connect-DsmipSubscriber'
        'ConvertFrom-DsmipPacket'
        'ConvertTo-DsmipPacket'
        'Disable-DsmipTunnel'
        'Disconnect-DsmipSubscriber'
        'Enable-DsmipTunnel'
        'Export-DsmipPacket'
        'Get-DsmipAgent'
        'Get-DsmipBinding'
        'Get-DsmipCapture'
        'Get-DsmipEvent'
        'Get-DsmipLab'
        'Get-DsmipProcedure'
        'Get-DsmipSecurityAssociation'
        'Get-DsmipStatistics'
        'Get-DsmipSubscriber'
        'Get-DsmipTunnel'
        'Invoke-BindingRevocation'
        'Invoke-DsmipLabCommand'
        'Invoke-DsmipProcedure'
        'Move-DsmipLabNode'
        'New-BindingRevocationAcknowledgement'
        'New-BindingRevocationIndication'
        'New-DsmipBindingUpdate'
        'New-DsmipExtension'
        'New-DsmipForeignAgent'
        'New-DsmipHomeAgent'
        'New-DsmipLab'
        'New-DsmipLocalMobilityAnchor'
        'New-DsmipMobileAccessGateway'
        'New-DsmipMobilityOption'
        'New-DsmipRegistration'
        'New-DsmipSecurityAssociation'
        'New-DsmipTunnel'
        'Remove-DsmipAgent'
        'Remove-DsmipBinding'
        'Remove-DsmipLab'
        'Remove-DsmipSecurityAssociation'
        'Remove-DsmipTunnel'
        'Send-BindingRevocationAcknowledgement'
        'Send-BindingRevocationIndication'
        'Send-DsmipBindingUpdate'
        'Send-DsmipPacket'
        'Send-DsmipRegistration'
        'Set-DsmipAgent'
        'Set-DsmipLabLink'
        'Start-DsmipAgent'
        'Start-DsmipCapture'
        'Step-DsmipLab'
        'Stop-DsmipAgent'
        'Stop-DsmipCapture'
        'Test-DsmipEnvironment'
        'Test-DsmipPacket'
        'Wait-DsmipAgent'
        'Watch-DsmipAgent'
    )
    FunctionsToExport    = @()
    AliasesToExport      = @()
    VariablesToExport    = @()

    PrivateData          = @{
        PSData = @{
            Tags       = @('MobileIP', 'DSMIP', 'DSMIPv4', 'PMIPv6', 'BindingRevocation', 'RFC5454', 'RFC5846', 'PSEdition_Core', 'Linux', 'Windows', 'MacOS')
            LicenseUri = 'https://licenses.nuget.org/MIT'
        }
    }
}
