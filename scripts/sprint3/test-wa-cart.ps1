& "$PSScriptRoot/../checks/run.ps1" sprint3/test-wa-cart @args
exit $LASTEXITCODE
