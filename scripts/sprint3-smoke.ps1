& "$PSScriptRoot/checks/run.ps1" sprint3-smoke @args
exit $LASTEXITCODE
