# Runs a list of checks against a running program: run.ps1 LIST -Name value ... The words a list is
# written in stand in docs/scripts.md; run.sh reads the same lists in the same way.
param(
  [Parameter(Mandatory = $true, Position = 0)][string]$List,
  [string]$ApiBase, [string]$WebBase, [string]$WebOrigin, [string]$VerifyToken,
  [Alias('Secret')][string]$WaAppSecret, [string]$CatalogSyncKey, [string]$AdminToken,
  [Alias('TestPhone', 'From')][string]$Phone = '15551234567', [string]$Lang = 'en',
  [string]$Current, [string]$Rollback,
  [int]$Iterations = 20, [int]$P95Products = 200, [int]$P95Cart = 200, [int]$P95CheckoutInit = 250
)
Set-StrictMode -Version 2
$ErrorActionPreference = 'Stop'
Add-Type -AssemblyName System.Net.Http

function First-Of([string[]]$values) { foreach ($v in $values) { if ($v) { return $v } }; return '' }

$value = @{ # parameters, and what checks keep
  ApiBase = First-Of $ApiBase, $env:API_BASE, $env:BASE_URL
  WebBase = First-Of $WebBase, $env:WEB_BASE, $env:BASE_URL
  WebOrigin = First-Of $WebOrigin, $env:WEB_ORIGIN
  VerifyToken = First-Of $VerifyToken, $env:VERIFY_TOKEN, $env:WHATSAPP_VERIFY_TOKEN
  WaAppSecret = First-Of $WaAppSecret, $env:WA_APP_SECRET, $env:WHATSAPP_APP_SECRET
  CatalogSyncKey = First-Of $CatalogSyncKey, $env:CATALOG_SYNC_KEY
  AdminToken = First-Of $AdminToken, $env:ADMIN_TOKEN
  Phone = $Phone.TrimStart('+'); Lang = $Lang; Current = $Current; Rollback = $Rollback; Iterations = "$Iterations"
  P95Products = "$P95Products"; P95Cart = "$P95Cart"; P95CheckoutInit = "$P95CheckoutInit"
}
$count = @{ ok = 0; bad = 0; skip = 0 }
$check = @{ state = '' } # the one under way

# Bad fails the check under way; one reason is enough.
function Bad([string]$why) {
  if ($check.state -ne 'ok') { return }
  $check.state = 'bad'
  Write-Host "x $($check.title): $why"
}

# Fill puts values where {names} stand; null when one is not known.
function Fill([string]$text) {
  while ($text -cmatch '\{([A-Za-z][A-Za-z0-9]*)\}') {
    $name = $Matches[1]
    if ($name -ceq 'fresh') { $with = 'check-' + [Guid]::NewGuid().ToString('n') }
    elseif ($value[$name]) { $with = $value[$name] }
    else { Bad "{$name} is not known"; return $null }
    $text = $text.Replace("{$name}", $with)
  }
  return $text
}

function Start-Check([string]$title) {
  Complete-Check
  $script:check = @{
    title = $title; state = 'ok'; headers = @(); body = ''; times = 1; apart = $false; signed = $false
    asked = ''; answers = @(); text = ''; json = $null; head = @{}
  }
}

function Complete-Check {
  if ($check.state) { $count[$check.state]++ }
  if ($check.state -eq 'ok') { Write-Host "+ $($check.title)" }
  $script:check = @{ state = '' }
}

function New-Client {
  $handler = New-Object System.Net.Http.HttpClientHandler
  $handler.AllowAutoRedirect = $false
  $client = New-Object System.Net.Http.HttpClient($handler) # keeps its cookies
  $client.Timeout = [TimeSpan]::FromSeconds(30)
  return $client
}

function Sign([string]$body) {
  $hmac = New-Object System.Security.Cryptography.HMACSHA256
  $hmac.Key = [Text.Encoding]::UTF8.GetBytes($value.WaAppSecret)
  $sum = $hmac.ComputeHash([Text.Encoding]::UTF8.GetBytes($body))
  return 'sha256=' + (-join ($sum | ForEach-Object { $_.ToString('x2') }))
}

# Send asks once; the answer's parts are kept for what judges them.
function Send([string]$method, [string]$url) {
  $request = New-Object System.Net.Http.HttpRequestMessage((New-Object System.Net.Http.HttpMethod($method)), $url)
  foreach ($line in $check.headers) {
    $name, $what = (Fill $line) -split ':\s*', 2
    [void]$request.Headers.TryAddWithoutValidation($name, $what)
  }
  $body = Fill $check.body
  if ($body) { $request.Content = New-Object System.Net.Http.StringContent($body, [Text.Encoding]::UTF8, 'application/json') }
  if ($check.signed) { [void]$request.Headers.TryAddWithoutValidation('X-Hub-Signature-256', (Sign $body)) }
  if ($check.state -ne 'ok') { return }
  $client = $script:client
  if ($check.apart) { $client = New-Client }
  $watch = [Diagnostics.Stopwatch]::StartNew()
  $answer = $client.SendAsync($request).GetAwaiter().GetResult()
  $check.text = $answer.Content.ReadAsStringAsync().GetAwaiter().GetResult()
  $check.answers += , @{ status = [int]$answer.StatusCode; ms = $watch.ElapsedMilliseconds }
  $check.head = @{}
  foreach ($h in @($answer.Headers) + @($answer.Content.Headers)) { $check.head[$h.Key.ToLowerInvariant()] = (@($h.Value) -join ', ') }
  $check.json = $null
  if ($check.text -match '^\s*[\{\[]') { try { $check.json = $check.text | ConvertFrom-Json } catch { $check.json = $null } }
}

function Ask([string]$method, [string]$path) {
  $path = Fill $path
  if ($check.state -ne 'ok') { return }
  $check.asked = "$method $path"
  $url = $path
  if (-not $path.StartsWith('http')) { $url = $value.ApiBase.TrimEnd('/') + $path }
  try { for ($i = 0; $i -lt $check.times; $i++) { Send $method $url } }
  catch { Bad "$($check.asked): $($_.Exception.Message)" }
}

function Short([string]$text) { return $text.Substring(0, [Math]::Min(200, $text.Length)) }

function Want([string]$statuses) {
  foreach ($a in $check.answers) {
    if (($statuses -split ' ') -notcontains "$($a.status)") { Bad "$($check.asked) answered $($a.status), not ${statuses}: $(Short $check.text)" }
  }
}

# Fast holds the slowest but one in twenty to a limit in milliseconds.
function Fast([string]$limit) {
  $limit = Fill $limit
  $sorted = @($check.answers | ForEach-Object { $_.ms } | Sort-Object)
  $p95 = $sorted[[int][Math]::Ceiling($sorted.Count * 0.95) - 1]
  Write-Host "  p95 of $($check.times): $p95 ms, at most $limit"
  if ($p95 -gt [int]$limit) { Bad "$($check.asked): p95 is $p95 ms, more than $limit" }
}

# At gives what stands at a path such as a.b[0].c or a[].b, a value each, wrapped so that a list stays one.
function At([string]$path) {
  $found = @(, $check.json)
  foreach ($step in $path -split '\.') {
    $name, $index = $step.TrimEnd(']') -split '\['
    $next = @()
    foreach ($at in $found) {
      $is = $null
      if ($null -ne $at -and $at.PSObject.Properties[$name]) { $is = $at.$name }
      if ($null -eq $index) { $next += , $is }
      elseif ($index -eq '') { foreach ($one in @($is)) { $next += , $one } }
      elseif (@($is).Count -gt [int]$index) { $next += , @($is)[[int]$index] }
      else { $next += , $null }
    }
    $found = $next
  }
  return , $found
}

function As-Text($is) {
  if ($null -eq $is) { return 'null' }
  if ($is -is [bool]) { return "$is".ToLowerInvariant() }
  return "$is"
}

function Judge-Json([string]$rest) {
  $where, $how, $expected = $rest -split ' ', 3
  $expected = Fill "$expected"
  $found = At $where
  $texts = @($found | ForEach-Object { As-Text $_ })
  $is = $null
  if ($found.Count -gt 0) { $is = $found[0] }
  $right = switch -CaseSensitive ($how) {
    '=' { $texts.Count -eq 1 -and $texts[0] -ceq $expected }
    'in' { $texts.Count -eq 1 -and ($expected -split ' ') -ccontains $texts[0] }
    'has' { $texts -ccontains $expected }
    '>' { $texts.Count -eq 1 -and $texts[0] -match '^-?[0-9]+$' -and [long]$texts[0] -gt [long]$expected }
    'list' { $is -is [array] }
    'count' { $is -is [array] -and @($is).Count -eq [int]$expected }
    'present' { $null -ne $is }
    'absent' { $null -ne $check.json -and $null -eq $is }
    default { throw "json: unknown $how" }
  }
  if (-not $right) { Bad "$($check.asked): $where is $(Short ($texts -join ', ')), not $how $expected" }
}

function Judge-Text([string]$rest) {
  $how, $expected = $rest -split ' ', 2
  $expected = Fill $expected
  $right = switch ($how) {
    'is' { $check.text -ceq $expected }
    'has' { $check.text.Contains($expected) }
    'lacks' { -not $check.text.Contains($expected) }
    default { throw "text: unknown $how" }
  }
  if (-not $right) { Bad "$($check.asked): the answer not $how ${expected}: $(Short $check.text)" }
}

function Judge-Head([string]$rest) {
  $name, $expected = $rest -split ' = ', 2
  $is = $check.head[$name.ToLowerInvariant()]
  if (-not $is -or ($expected -and $is -cne (Fill $expected))) { Bad "$($check.asked): header $name is $is" }
}

function Keep([string]$rest) {
  $name, $where = $rest -split ' ', 2
  $found = At $where
  if ($found.Count -eq 0 -or $null -eq $found[0]) { Bad "$($check.asked) gave no $where" } else { $value[$name] = As-Text $found[0] }
}

function Show {
  Write-Host "  $($check.answers[-1].status), x-request-id $($check.head['x-request-id'])"
  Write-Host "  $(Short $check.text)"
}

# Include plays a list, elsewhere when the rest says where.
function Include([string]$rest) {
  $name, $where = $rest -split ' at ', 2
  $base = $value.ApiBase
  if ($where) {
    $value.ApiBase = Fill $where
    if (-not $value.ApiBase) { throw "$where is needed" }
  }
  Play $name
  $value.ApiBase = $base
}

function Play([string]$name) {
  $file = Join-Path $PSScriptRoot "$name.check"
  if (-not (Test-Path -LiteralPath $file)) { throw "no list is called $name" }
  Write-Host "== $name, $($value.ApiBase)"
  $script:client = New-Client
  foreach ($line in [IO.File]::ReadAllLines($file)) {
    $word, $rest = $line.Trim() -split '\s+', 2
    if (-not $word -or $word.StartsWith('#')) { continue }
    switch -CaseSensitive ($word) {
      'check' { Start-Check $rest }
      'run' { Complete-Check; Include $rest }
      'anew' { Complete-Check; $script:client = New-Client }
      'needs' { if (-not $value[$rest]) { $check.state = 'skip'; Write-Host "~ $($check.title): left out, no $rest is given" } }
      default { if ($check.state -eq 'ok') { Step $word $rest } }
    }
  }
  Complete-Check
}

function Step([string]$word, [string]$rest) {
  switch -CaseSensitive -Regex ($word) {
    '^with$' { $check.headers += $rest }
    '^body$' { $check.body = $rest }
    '^signed$' { $check.signed = $true }
    '^apart$' { $check.apart = $true }
    '^times$' { $check.times = [int](Fill $rest) }
    '^(GET|POST|PUT|PATCH|DELETE)$' { Ask $word $rest }
    '^want$' { Want $rest }
    '^fast$' { Fast $rest }
    '^json$' { Judge-Json $rest }
    '^text$' { Judge-Text $rest }
    '^head$' { Judge-Head $rest }
    '^keep$' { Keep $rest }
    '^show$' { Show }
    default { throw "unknown word $word" }
  }
}

try {
  if (-not $value.ApiBase -and -not $value.Current) { throw '-ApiBase is needed (or API_BASE, or BASE_URL of demo.env)' }
  Play $List
} catch {
  Write-Host $_
  exit 2
}
Write-Host "$($count.ok) passed, $($count.bad) failed, $($count.skip) left out"
if ($count.bad -gt 0 -or $count.ok -eq 0) { exit 1 }
exit 0
