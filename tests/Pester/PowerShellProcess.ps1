# Runs a script, or text, in a PowerShell process of its own: what a user does at a prompt, with nothing left behind in this one.
function Invoke-PowerShellProcess {
    [CmdletBinding(DefaultParameterSetName = 'Command')]
    param(
        [Parameter(Mandatory, Position = 0, ParameterSetName = 'Command')][string] $Command,
        [Parameter(Mandatory, ParameterSetName = 'File')][string] $File,
        [Parameter(ParameterSetName = 'File')][string[]] $ArgumentList = @(),
        [hashtable] $Environment = @{},
        [string] $WorkingDirectory = $PWD.ProviderPath,
        [int] $TimeoutSeconds = 120
    )

    $start = [Diagnostics.ProcessStartInfo]::new([Environment]::ProcessPath)
    # As a .NET tool, PowerShell runs inside dotnet.
    if ([IO.Path]::GetFileNameWithoutExtension($start.FileName) -eq 'dotnet') { $start.ArgumentList.Add((Join-Path $PSHOME 'pwsh.dll')) }
    $content = $PSCmdlet.ParameterSetName -eq 'File' ? @('-File', $File) + $ArgumentList : @('-Command', $Command)
    foreach ($argument in @('-NoProfile', '-NonInteractive') + $content) { $start.ArgumentList.Add($argument) }
    foreach ($name in $Environment.Keys) { $start.Environment[$name] = $Environment[$name] }
    $start.Environment['NO_COLOR'] = '1'
    $start.WorkingDirectory = $WorkingDirectory
    $start.RedirectStandardInput = $start.RedirectStandardOutput = $start.RedirectStandardError = $true

    $process = [Diagnostics.Process]::Start($start)
    try {
        $process.StandardInput.Close()
        $output = $process.StandardOutput.ReadToEndAsync()
        $errors = $process.StandardError.ReadToEndAsync()
        if (-not $process.WaitForExit($TimeoutSeconds * 1000)) {
            $process.Kill($true)
            throw "The process did not end within $TimeoutSeconds s. Output so far: $($output.Result)"
        }
        [pscustomobject]@{ ExitCode = $process.ExitCode; Output = $output.Result; Error = $errors.Result }
    }
    finally {
        $process.Dispose()
    }
}
