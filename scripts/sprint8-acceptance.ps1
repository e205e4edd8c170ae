& "$PSScriptRoot/checks/run.ps1" sprint8-acceptance @args
exit $LASTEXITCODE
