& "$PSScriptRoot/checks/run.ps1" acceptance-all @args
exit $LASTEXITCODE
