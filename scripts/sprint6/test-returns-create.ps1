& "$PSScriptRoot/../checks/run.ps1" sprint6/test-returns-create @args
exit $LASTEXITCODE
