& "$PSScriptRoot/checks/run.ps1" sprint6-smoke @args
exit $LASTEXITCODE
