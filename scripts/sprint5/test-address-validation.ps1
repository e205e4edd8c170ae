& "$PSScriptRoot/../checks/run.ps1" sprint5/test-address-validation @args
exit $LASTEXITCODE
