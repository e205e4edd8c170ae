& "$PSScriptRoot/../checks/run.ps1" sprint3/test-cart @args
exit $LASTEXITCODE
