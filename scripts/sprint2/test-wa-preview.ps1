& "$PSScriptRoot/../checks/run.ps1" sprint2/test-wa-preview @args
exit $LASTEXITCODE
