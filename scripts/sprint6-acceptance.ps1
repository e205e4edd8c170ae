& "$PSScriptRoot/checks/run.ps1" sprint6-acceptance @args
exit $LASTEXITCODE
