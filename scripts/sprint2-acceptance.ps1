& "$PSScriptRoot/checks/run.ps1" sprint2-acceptance @args
exit $LASTEXITCODE
