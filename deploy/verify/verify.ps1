# Look at a deployed stage from a Windows desk: powershell -ExecutionPolicy Bypass -File FILE [-Json] [-Language ja|en]
# For Windows PowerShell 5.1, nothing to install. NOBODY HAS RUN THIS FORM YET: where it and the Python form differ,
# believe the Python form. Signing in and files are left to that form; certificates are held against Windows' own store.
# What to look at, and every sentence, is the document at the end of this file.
param(
    [ValidateSet("corporate", "app", "db", "outside")][string]$From = "corporate",
    [hashtable]$Resolve = @{},
    [string[]]$ForeignEndpoint = @(),
    [string]$Control = "",
    [int]$Timeout = 5,
    [string]$Language = "",
    [switch]$Json
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = "Stop"
[Net.ServicePointManager]::SecurityProtocol = [Net.SecurityProtocolType]::Tls12
[Console]::OutputEncoding = [Text.Encoding]::UTF8
if (-not $Language) { $Language = if ((Get-Culture).TwoLetterISOLanguageName -eq "ja") { "ja" } else { "en" } }

function Get-Value($Object, [string]$Name, $Default = $null) {
    # Names may hold dots and slashes: never $Object.$Name.
    if ($null -eq $Object) { return $Default }
    $found = $Object.PSObject.Properties[$Name]
    if ($null -eq $found) { $Default } else { $found.Value }
}
function New-Outcome([string]$Verdict, [string]$Said, [hashtable]$Values = @{}, [bool]$Elsewhere = $false) {
    @{ verdict = $Verdict; said = $Said; values = $Values; elsewhere = $Elsewhere }
}
function Format-Said([string]$Said, [hashtable]$Values) {
    $text = Get-Value (Get-Value $script:Document.words $Said) $Language
    foreach ($name in $Values.Keys) {
        $text = [regex]::Replace($text, "\{$name(:[^}]*)?\}", ([string]$Values[$name]).Replace('$', '$$'))
    }
    $text
}

# --- Names, connections and answers; never through a proxy ---
function Get-Addresses([string]$Name) {
    if ($Resolve.ContainsKey($Name)) { return @([string]$Resolve[$Name]) }
    $address = $null
    if ([Net.IPAddress]::TryParse($Name, [ref]$address)) { return @($Name) }
    try { $found = [Net.Dns]::GetHostAddresses($Name) } catch {
        # A name server that is silent (TryAgain) says nothing about the name.
        $cause = $_.Exception.GetBaseException()
        $silent = $cause -is [Net.Sockets.SocketException] -and $cause.SocketErrorCode -eq "TryAgain"
        throw "$(if ($silent) { "resolver" } else { "name" })|$($cause.Message)"
    }
    @($found | ForEach-Object { $_.IPAddressToString } | Select-Object -Unique)
}
function Connect-Port([string]$Name, [int]$Port) {
    $reason = "no address"
    foreach ($address in Get-Addresses $Name) {
        $family = ([Net.IPAddress]::Parse($address)).AddressFamily
        $client = New-Object Net.Sockets.TcpClient($family)
        try {
            $pending = $client.BeginConnect($address, $Port, $null, $null)
            if (-not $pending.AsyncWaitHandle.WaitOne($Timeout * 1000)) { throw "timed out" }
            $client.EndConnect($pending)
            $client.ReceiveTimeout = $Timeout * 1000
            $client.SendTimeout = $Timeout * 1000
            return $client
        } catch { $reason = $_.Exception.GetBaseException().Message; $client.Close() }
    }
    throw "connect|$reason"
}
function Connect-Tls([Net.Sockets.TcpClient]$Client, [string]$Name) {
    $stream = New-Object Net.Security.SslStream($Client.GetStream(), $false)
    try { $stream.AuthenticateAsClient($Name, $null, [Security.Authentication.SslProtocols]::Tls12, $false) }
    catch {
        $cause = $_.Exception.GetBaseException()
        $untrusted = $cause -is [Security.Authentication.AuthenticationException]
        throw "$(if ($untrusted) { "certificate" } else { "tls" })|$($cause.Message)"
    }
    $stream
}
function Read-All([IO.Stream]$Stream) {
    $memory = New-Object IO.MemoryStream
    $Stream.CopyTo($memory)
    , $memory.ToArray()
}
function Join-Chunks([byte[]]$Bytes) {
    # RFC 9112, 7.1: a length in hex on a line of its own before each part, 0 at the end.
    $text = [Text.Encoding]::GetEncoding(28591).GetString($Bytes)
    $joined = New-Object IO.MemoryStream
    $at = 0
    while ($true) {
        $end = $text.IndexOf("`r`n", $at)
        if ($end -lt 0) { throw "answer|cut off" }
        $size = [Convert]::ToInt32(($text.Substring($at, $end - $at) -split ";")[0].Trim(), 16)
        if ($size -eq 0) { break }
        $joined.Write($Bytes, $end + 2, $size)
        $at = $end + 2 + $size + 2
    }
    , $joined.ToArray()
}
function Invoke-Plainly($Request) {
    # HTTP by hand: no proxy, no following, no decompression, any Host, whatever Windows is set to.
    $uri = New-Object Uri([string]$Request.url)
    $client = Connect-Port $uri.DnsSafeHost $uri.Port
    try {
        $stream = if ($uri.Scheme -eq "https") { Connect-Tls $client $uri.DnsSafeHost } else { $client.GetStream() }
        $headers = @{ "Host" = $uri.Authority; "Accept-Encoding" = "gzip, deflate, br"; "Connection" = "close" }
        $given = Get-Value $Request "headers"
        if ($null -ne $given) { foreach ($each in $given.PSObject.Properties) { $headers[$each.Name] = $each.Value } }
        $body = [Text.Encoding]::UTF8.GetBytes([string](Get-Value $Request "body" ""))
        if ($body.Length) { $headers["Content-Length"] = $body.Length }
        $lines = @("$($Request.method) $($uri.PathAndQuery) HTTP/1.1") + @($headers.Keys | ForEach-Object { "${_}: $($headers[$_])" })
        $head = [Text.Encoding]::ASCII.GetBytes(($lines -join "`r`n") + "`r`n`r`n")
        try {
            $stream.Write($head, 0, $head.Length)
            if ($body.Length) { $stream.Write($body, 0, $body.Length) }
            $stream.Flush()
            $answer = Read-All $stream
        } catch { throw "answer|$($_.Exception.GetBaseException().Message)" }
    } finally { $client.Close() }
    $latin = [Text.Encoding]::GetEncoding(28591)
    $text = $latin.GetString($answer)
    $end = $text.IndexOf("`r`n`r`n")
    if ($end -lt 0) { throw "answer|no headers" }
    $rows = $text.Substring(0, $end) -split "`r`n"
    $found = @{}
    foreach ($row in ($rows | Select-Object -Skip 1)) {
        $name, $value = $row -split ":", 2
        $found[$name.Trim().ToLowerInvariant()] = $value.Trim()
    }
    $content = New-Object byte[] ($answer.Length - $end - 4)
    [Array]::Copy($answer, $end + 4, $content, 0, $content.Length)
    if ($found["transfer-encoding"] -eq "chunked") { $content = Join-Chunks $content }
    @{ status = [int](($rows[0] -split " ")[1]); headers = $found; body = $content }
}
function Split-Failure($Failure) {
    $step, $reason = ([string]$Failure.Exception.Message) -split "\|", 2
    if ($null -eq $reason) { @{ step = "answer"; reason = $step } } else { @{ step = $step; reason = $reason } }
}

# --- What looks, one function a kind of check ---
function Test-Inside([string]$Address, $Ranges) {
    $bytes = ([Net.IPAddress]::Parse($Address)).GetAddressBytes()
    foreach ($range in $Ranges) {
        $base, $length = $range -split "/"
        $network = ([Net.IPAddress]::Parse($base)).GetAddressBytes()
        if ($network.Length -ne $bytes.Length) { continue }
        $same = $true
        for ($bit = 0; $bit -lt [int]$length -and $same; $bit++) {
            $mask = 128 -shr ($bit % 8)
            $place = [Math]::Floor($bit / 8)
            $same = ($bytes[$place] -band $mask) -eq ($network[$place] -band $mask)
        }
        if ($same) { return $true }
    }
    $false
}
function Look-Name($Check) {
    $name = $Check.host
    if ($Resolve.ContainsKey($name)) {
        return New-Outcome "not proved" "name_given" @{ host = $name; address = $Resolve[$name] } $true
    }
    try { $found = @(Get-Addresses $name) }
    catch { return New-Outcome "refuted" "name_unknown" @{ host = $name; reason = (Split-Failure $_).reason } }
    $strange = @($found | Where-Object { -not (Test-Inside $_ $Check.within) })
    if ($strange.Count) { return New-Outcome "refuted" "name_public" @{ host = $name; addresses = $strange -join ", " } }
    New-Outcome "proved" "name_private" @{ host = $name; addresses = $found -join ", " }
}
function Look-Certificate($Check) {
    $name = $Check.host
    $client = $null
    try {
        $client = Connect-Port $name $Check.port
        $stream = Connect-Tls $client $name
        $held = New-Object Security.Cryptography.X509Certificates.X509Certificate2($stream.RemoteCertificate)
    } catch {
        $failure = Split-Failure $_
        $said = if ($failure.step -eq "certificate") { "certificate_bad" } else { "unreached" }
        return New-Outcome "refuted" $said @{ host = $name; reason = $failure.reason }
    } finally { if ($null -ne $client) { $client.Close() } }
    $days = [Math]::Floor(($held.NotAfter - (Get-Date)).TotalDays)
    $said = if ($days -lt 30) { "certificate_ends_soon" } else { "certificate_good" }
    $issuer = $held.GetNameInfo([Security.Cryptography.X509Certificates.X509NameType]::SimpleName, $true)
    New-Outcome "proved" $said @{ names = $name; issuer = $issuer; days = $days; ends = $held.NotAfter.ToString("yyyy-MM-dd") }
}
function Look-Request($Check) {
    $asked = $Check.request
    try { $answer = Invoke-Plainly $asked }
    catch {
        # That something is not allowed is neither true nor false where nobody answers.
        $negative = @(@(Get-Value $Check "headers" @()) | Where-Object { $null -ne (Get-Value $_ "not") }).Count
        $verdict = if ($negative) { "not proved" } else { "refuted" }
        return New-Outcome $verdict "unreached" @{ host = $asked.url; reason = (Split-Failure $_).reason }
    }
    $values = @{ method = $asked.method; url = $asked.url; status = $answer.status }
    if ($Check.status -notcontains $answer.status) {
        $values.wanted = $Check.status -join " / "
        return New-Outcome "refuted" "other_status" $values
    }
    foreach ($header in @(Get-Value $Check "headers" @())) {
        $found = $answer.headers[$header.name]
        $is, $has, $not = (Get-Value $header "is"), (Get-Value $header "has"), (Get-Value $header "not")
        $holds = if ($null -ne $not) { $found -cne $not -and $found -cne "*" }
        elseif ($null -eq $found) { $false }
        elseif ($null -ne $is) { $found -ceq $is }
        else { @($found -split "," | ForEach-Object { $_.Trim() }) -contains $has }
        if (-not $holds) {
            $values.header = $header.name
            $values.found = if ($null -eq $found) { "-" } else { $found }
            return New-Outcome "refuted" "other_header" $values
        }
    }
    New-Outcome "proved" "answered" $values
}
$script:Files = $null
function Get-Files {
    if ($null -ne $script:Files) { return $script:Files }
    $script:Files = @{}
    foreach ($each in $script:Document.site.files.PSObject.Properties) {
        $request = New-Object PSObject -Property @{ method = "GET"; url = $script:Document.site.base + $each.Name }
        try { $script:Files[$each.Name] = Invoke-Plainly $request }
        catch { $script:Files[$each.Name] = @{ status = 0; reason = (Split-Failure $_).reason } }
    }
    $script:Files
}
function Get-Digest([byte[]]$Bytes) {
    $algorithm = [Security.Cryptography.SHA256]::Create()
    ([BitConverter]::ToString($algorithm.ComputeHash($Bytes)) -replace "-", "").ToLowerInvariant()
}
function Look-Files($Check) {
    $recorded = @($script:Document.site.files.PSObject.Properties)
    if (-not $recorded.Count) { return New-Outcome "not proved" "no_record" }
    $fetched = Get-Files
    $headers = @{ type = "content-type"; encoding = "content-encoding"; caching = "cache-control" }
    $wrong = @()
    $came = 0
    foreach ($each in $recorded) {
        $answer = $fetched[$each.Name]
        if ($answer.status -ne 200) {
            if ($Check.aspect -eq "bytes") { $wrong += "$($each.Name): $($answer.status) $($answer['reason'])" }
            continue
        }
        $came++
        if ($Check.aspect -eq "bytes") {
            if ((Get-Digest $answer.body) -ne $each.Value.sha256) { $wrong += "$($each.Name): other bytes" }
            continue
        }
        $found = [string]$answer.headers[$headers[$Check.aspect]]
        $wanted = [string](Get-Value $each.Value $Check.aspect)
        if ($found -cne $wanted) { $wrong += "$($each.Name): $found != $wanted" }
    }
    if ($wrong.Count) {
        return New-Outcome "refuted" "files_differ" @{ count = $wrong.Count; which = ($wrong | Select-Object -First 3) -join "; " }
    }
    if (-not $came) { return New-Outcome "not proved" "no_file_came" }
    if ($came -lt $recorded.Count) {
        return New-Outcome "not proved" "not_every_file_came" @{ came = $came; count = $recorded.Count }
    }
    New-Outcome "proved" "files_as_recorded" @{ count = $came }
}
function Look-Policy($Check) {
    $answer = (Get-Files)[$Check.page]
    if ($null -eq $answer -or $answer.status -ne 200) { return New-Outcome "not proved" "no_file_came" }
    $recorded = (Get-Value $script:Document.site.files $Check.page).sha256
    if ($null -eq $Check.recorded -or (Get-Digest $answer.body) -ne $recorded) {
        return New-Outcome "not proved" "page_not_readable"
    }
    $directives = @{}
    foreach ($part in $Check.recorded -split ";") {
        $words = @($part.Trim() -split "\s+")
        $directives[$words[0]] = @($words | Select-Object -Skip 1)
    }
    $found = if ($directives.ContainsKey("connect-src")) { $directives["connect-src"] } else { $directives["default-src"] }
    $same = -not (Compare-Object @($found) @($Check.connect))
    $values = @{ found = $found -join " "; wanted = $Check.connect -join " " }
    if ($same) { return New-Outcome "proved" "policy" $values }
    New-Outcome "refuted" "other_policy" $values
}
function Test-Control($Check) {
    # Nothing where something of the kind is let in, else why being refused would prove nothing here.
    # (To PowerShell $control and $Control are the same.)
    $open = Get-Value $Check.control $From
    if (-not $open) { $open = $Control }
    if (-not $open) { return New-Outcome "not proved" "no_control" }
    try {
        if ($open -is [string]) {
            $name, $port = $open -split ":(?=\d+$)"
            (Connect-Port $name ([int]$port)).Close()
            return $null
        }
        $answer = Invoke-Plainly $open
        if ($open.status -contains $answer.status) { return $null }
        $reason = "HTTP $($answer.status)"
    } catch { $reason = (Split-Failure $_).reason }
    $shown = if ($open -is [string]) { $open } else { $open.url }
    New-Outcome "not proved" "control_failed" @{ control = $shown; reason = $reason }
}
function Look-Refused($Check) {
    $urls = @($Check.request.url)
    if ($urls[0].Contains("{foreign}")) {
        $hosts = @($ForeignEndpoint | Where-Object { $_.Contains(".$($Check.service).") })
        if (-not $hosts.Count) { return New-Outcome "not proved" "no_foreign" @{ service = $Check.service } $true }
        $known = [string](Get-Value (Get-Value $Check.control "corporate") "url")
        foreach ($each in $hosts) {
            if ($each -match "vpce-[0-9a-z]+" -and $known.Contains($Matches[0])) {
                return New-Outcome "not proved" "own_endpoint" @{ host = $each }
            }
        }
        $urls = @($hosts | ForEach-Object { $Check.request.url.Replace("{foreign}", $_) })
    }
    $missing = Test-Control $Check
    if ($null -ne $missing) { return $missing }
    foreach ($url in $urls) {
        $request = $Check.request.PSObject.Copy()
        $request.url = $url
        $values = @{ method = $request.method; url = $url }
        try { $answer = Invoke-Plainly $request }
        catch {
            $failure = Split-Failure $_
            $values.reason = $failure.reason
            $barred = @("tls") + $(if ($Check.request.url.Contains("{foreign}")) { @() } else { @("name", "connect") })
            if ($barred -notcontains $failure.step) { return New-Outcome "not proved" "not_asked" $values }
            $outcome = New-Outcome "proved" $(if ($failure.step -eq "name") { "no_such_name" } else { "no_connection" }) $values
            continue
        }
        $values.status = $answer.status
        if ($Check.refusals -contains $answer.status) { $outcome = New-Outcome "proved" "refused" $values; continue }
        if ($answer.status -lt 300 -or @(304, 401) -contains $answer.status) {
            $undo = Get-Value $Check "undo"
            if ($null -eq $undo) { return New-Outcome "refuted" "let_in" $values }
            try { $values.undone = (Invoke-Plainly $undo).status } catch { $values.undone = (Split-Failure $_).reason }
            return New-Outcome "refuted" "let_in_and_undone" $values
        }
        return New-Outcome "not proved" "strange_answer" $values
    }
    $outcome
}
function Look-Closed($Check) {
    $missing = Test-Control $Check
    if ($null -ne $missing) { return $missing }
    $values = @{ host = $Check.host; port = $Check.port }
    try { (Connect-Port $Check.host $Check.port).Close() }
    catch {
        $failure = Split-Failure $_
        $values.reason = $failure.reason
        if (@("name", "resolver") -contains $failure.step) { return New-Outcome "not proved" "unknown_here" $values }
        return New-Outcome "proved" "closed" $values
    }
    New-Outcome "refuted" "open" $values
}
function Look-Open($Check) {
    $values = @{ host = $Check.host; port = $Check.port }
    try { (Connect-Port $Check.host $Check.port).Close() }
    catch { $values.reason = (Split-Failure $_).reason; return New-Outcome "refuted" "unreached" $values }
    New-Outcome "proved" "connected" $values
}
function Look-Journey($Check) { New-Outcome "not proved" "not_in_this_form" @{} $true }

# In a here-string of single quotes nothing is special.
$script:Document = ConvertFrom-Json @'
@@DOCUMENT@@
'@

# --- The run ---
if (-not $Json) { Format-Said "heading" @{ stage = $Document.stage; made = $Document.made; here = $env:COMPUTERNAME } }
$lines = @()
foreach ($check in $Document.checks) {
    if ($check.from -contains $From) {
        try { $outcome = & "Look-$($check.kind)" $check }
        catch { $outcome = New-Outcome "not proved" "broke" @{ reason = $_.Exception.Message } }
    } else {
        $where = @($check.from | ForEach-Object { "-From $_" }) -join " / "
        $outcome = New-Outcome "not proved" "other_vantage" @{ where = $where } $true
    }
    $detail = Format-Said $outcome.said $outcome.values
    $proves = Get-Value $check.proves $Language
    $lines += New-Object PSObject -Property @{
        id = $check.id; proves = $proves; from = $From; verdict = $outcome.verdict
        elsewhere = $outcome.elsewhere; claim = $check.claim; detail = $detail
    }
    if (-not $Json) {
        $claim = if ($check.claim) { " " + (Format-Said "claim" @{}) } else { "" }
        "$(Format-Said $outcome.verdict @{})  $($check.id): $proves$claim"
        "        $(Format-Said $From @{}): $detail"
    }
}
$here = @($lines | Where-Object { -not $_.elsewhere } | ForEach-Object { $_.verdict })
$status = if ($here -contains "refuted") { 1 } elseif ($here -contains "not proved") { 2 } else { 0 }
if ($Json) {
    $told = @{ stage = $Document.stage; made = $Document.made; release = $Document.release; from = $From; exit = $status; lines = $lines }
    ConvertTo-Json $told -Depth 4
} else {
    $counts = @{}
    foreach ($verdict in "proved", "refuted", "not proved") {
        $counts[$verdict] = @($lines | Where-Object { $_.verdict -eq $verdict }).Count
    }
    Format-Said "summary" @{ proved = $counts["proved"]; refuted = $counts["refuted"]; unproved = $counts["not proved"] }
}
exit $status
