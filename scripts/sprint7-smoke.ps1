& "$PSScriptRoot/checks/run.ps1" sprint7-smoke @args
exit $LASTEXITCODE
