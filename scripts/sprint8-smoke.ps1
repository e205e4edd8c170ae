& "$PSScriptRoot/checks/run.ps1" sprint8-smoke @args
exit $LASTEXITCODE
