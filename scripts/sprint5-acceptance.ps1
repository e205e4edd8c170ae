& "$PSScriptRoot/checks/run.ps1" sprint5-acceptance @args
exit $LASTEXITCODE
