& "$PSScriptRoot/checks/run.ps1" test-whatsapp-webhook @args
exit $LASTEXITCODE
