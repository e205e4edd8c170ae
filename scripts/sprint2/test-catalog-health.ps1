& "$PSScriptRoot/../checks/run.ps1" sprint2/test-catalog-health @args
exit $LASTEXITCODE
