& "$PSScriptRoot/../checks/run.ps1" sprint2/test-catalog-sync @args
exit $LASTEXITCODE
