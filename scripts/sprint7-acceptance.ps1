& "$PSScriptRoot/checks/run.ps1" sprint7-acceptance @args
exit $LASTEXITCODE
