& "$PSScriptRoot/checks/run.ps1" rollback-validate @args
exit $LASTEXITCODE
