& "$PSScriptRoot/checks/run.ps1" sprint1-smoke @args
exit $LASTEXITCODE
