& "$PSScriptRoot/../checks/run.ps1" sprint6/test-orders-lookup @args
exit $LASTEXITCODE
