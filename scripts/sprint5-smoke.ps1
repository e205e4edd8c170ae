& "$PSScriptRoot/checks/run.ps1" sprint5-smoke @args
exit $LASTEXITCODE
