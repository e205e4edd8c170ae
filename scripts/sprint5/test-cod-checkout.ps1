& "$PSScriptRoot/../checks/run.ps1" sprint5/test-cod-checkout @args
exit $LASTEXITCODE
