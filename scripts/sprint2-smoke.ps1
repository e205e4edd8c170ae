& "$PSScriptRoot/checks/run.ps1" sprint2-smoke @args
exit $LASTEXITCODE
