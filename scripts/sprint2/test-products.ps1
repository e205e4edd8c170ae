& "$PSScriptRoot/../checks/run.ps1" sprint2/test-products @args
exit $LASTEXITCODE
