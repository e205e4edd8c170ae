& "$PSScriptRoot/../checks/run.ps1" sprint7/test-perf-thresholds @args
exit $LASTEXITCODE
