& "$PSScriptRoot/../checks/run.ps1" sprint2/test-product-detail @args
exit $LASTEXITCODE
