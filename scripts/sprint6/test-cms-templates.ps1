& "$PSScriptRoot/../checks/run.ps1" sprint6/test-cms-templates @args
exit $LASTEXITCODE
