& "$PSScriptRoot/../checks/run.ps1" sprint2/test-categories @args
exit $LASTEXITCODE
