& "$PSScriptRoot/../checks/run.ps1" sprint5/test-stripe-init @args
exit $LASTEXITCODE
