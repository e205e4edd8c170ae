# What a screen reader needs of the shop's pages, by axe in Chromium: test-axe.ps1 [-WebBase URL], else
# WEB_BASE or BASE_URL. Needs Go and Chromium.
param([string]$WebBase)
foreach ($base in $env:WEB_BASE, $env:BASE_URL) { if (-not $WebBase) { $WebBase = $base } }
if (-not $WebBase) { Write-Host '-WebBase is needed'; exit 2 }
$env:AXE_BASE = $WebBase
Push-Location (Join-Path $PSScriptRoot '../..')
try { go test ./e2e/checks -count=1 -run '^TestAxe$' } finally { Pop-Location }
exit $LASTEXITCODE
