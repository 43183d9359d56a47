<#
.SYNOPSIS
Makes the transport rule that deletes RcptVerify's end-of-data probes before they reach a mailbox.

.DESCRIPTION
Run in the Exchange Management Shell, once for the organisation, before target "eod" is set in any route.
Run again with another secret to change the rule.

.PARAMETER Secret
The eod_secret of the route: 8 to 128 printable characters without spaces.

.EXAMPLE
.\New-RcptVerifyProbeRule.ps1 -Secret 'kQ3v9sT2mXw8'
#>
[CmdletBinding(SupportsShouldProcess)]
param(
    [Parameter(Mandatory)]
    [ValidatePattern('\A[!-~]{8,128}\z')]
    [string] $Secret,

    [string] $Name = 'RcptVerify: delete end-of-data probes'
)

$ErrorActionPreference = 'Stop'
$rule = @{
    HeaderMatchesMessageHeader = 'X-RcptVerify-Probe'
    HeaderMatchesPatterns      = '^' + [regex]::Escape($Secret) + '$'
    DeleteMessage              = $true
    Priority                   = 0
    Comments                   = 'Deletes the messages by which RcptVerify asks whether a recipient exists.'
}

if (Get-TransportRule | Where-Object { $_.Name -eq $Name }) {
    if ($PSCmdlet.ShouldProcess($Name, 'Set-TransportRule')) { Set-TransportRule -Identity $Name @rule }
}
elseif ($PSCmdlet.ShouldProcess($Name, 'New-TransportRule')) {
    New-TransportRule -Name $Name @rule -Enabled $true
}
