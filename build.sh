#!/usr/bin/env bash
# ./build.sh [Build|Demo|Test|Soak|Bench|Package|Clean] [arguments]
# Finds or gets PowerShell 7.6 and Pester 5, then hands over to build.ps1, which holds the tasks.
# Where PowerShell cannot be had, the reduced way below does what the .NET SDK can do alone.
# PWSH names the PowerShell to use; a name that does not exist (PWSH=none) forces the reduced way.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 POWERSHELL_TELEMETRY_OPTOUT=1 POWERSHELL_UPDATECHECK=Off

task=$(printf '%s' "${1:-build}" | tr '[:upper:]' '[:lower:]')
shift $(($# > 0))
case $task in
build | demo | test | soak | bench | package | clean) ;;
*) echo "build.sh: unknown task '$task'; there are Build, Demo, Test, Soak, Bench, Package and Clean" >&2 && exit 2 ;;
esac

# A registry that does not answer must not hold up a build for long.
bounded() {
    local seconds=$1 && shift
    if command -v timeout >/dev/null; then timeout "$seconds" "$@"; else "$@"; fi </dev/null >/dev/null 2>&1
}

is_new_enough() {
    "$@" -NoProfile -NonInteractive -Command \
        '$v = $PSVersionTable.PSVersion; exit [int]($v.Major * 100 + $v.Minor -lt 706)' </dev/null >/dev/null 2>&1
}

pwsh=()
if [ -n "${PWSH:-}" ]; then
    if command -v "$PWSH" >/dev/null && is_new_enough "$PWSH"; then pwsh=("$PWSH"); fi
elif command -v pwsh >/dev/null && is_new_enough pwsh; then
    pwsh=(pwsh)
elif bounded 300 dotnet tool restore && is_new_enough dotnet pwsh; then
    pwsh=(dotnet pwsh)
fi

if [ ${#pwsh[@]} -gt 0 ]; then
    if [ "$task" = test ]; then
        # build.ps1 says so, and counts, where Pester is missing all the same.
        bounded 120 "${pwsh[@]}" -NoProfile -NonInteractive -Command '
            if (-not (Get-Module Pester -ListAvailable | Where-Object { $_.Version.Major -ge 5 })) {
                Install-PSResource Pester -Version "[5.5, 6.0)" -Scope CurrentUser -TrustRepository -Quiet
            }' || true
    fi
    exec "${pwsh[@]}" -NoProfile -NonInteractive -File build.ps1 "$task" "$@"
fi

echo "build.sh: no PowerShell 7.6 here, and none to be installed as a .NET tool: going on without it, and without module, help and Pester" >&2

# Runs xunit over the solution; prints what was skipped and why, and the total. $1: Pester tests that could not run.
xunit() {
    local pester=$1 status=0 && shift
    rm -rf out/test-results
    dotnet test DsmipTools.slnx -c Release --logger 'trx;LogFilePrefix=xunit' --results-directory out/test-results "$@" || status=$?
    { cat out/test-results/*.trx 2>/dev/null || true; } | awk -v pester="$pester" -v status="$status" '
        function attribute(name) {
            if (!match($0, " " name "=\"[^\"]*\"")) return ""
            return substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 4)
        }
        function text(s) { gsub(/&lt;/, "<", s); gsub(/&gt;/, ">", s); gsub(/&quot;/, "\"", s); gsub(/&amp;/, "\\&", s); return s }
        function flush_skipped() { if (name != "") print "Skipped: " text(name) ": " text(reason); name = "" }
        /<UnitTestResult / {
            flush_skipped()
            count[outcome = attribute("outcome")]++
            if (outcome == "NotExecuted") { name = attribute("testName"); reason = "no reason given" }
        }
        /<Message>/ && name != "" { reason = $0; sub(/.*<Message>/, "", reason); sub(/<\/Message>.*/, "", reason); flush_skipped() }
        END {
            flush_skipped()
            if (pester > 0) print "Skipped: " pester " Pester tests: no PowerShell"
            passed = count["Passed"] + 0; skipped = count["NotExecuted"] + pester
            for (outcome in count) ran += count[outcome]
            failed = ran - passed - count["NotExecuted"]
            if (status == 0 && passed + failed == 0) { print "No test ran."; status = 1 }
            else if (status != 0 && failed == 0) { print "dotnet test ended with exit code " status " and names no failed test."; failed = 1 }
            printf "Total: %d passed, %d failed, %d skipped\n", passed, failed, skipped
            exit (failed > 0 && status == 0) ? 1 : status
        }'
}

case $task in
build) dotnet build DsmipTools.slnx -c Release ;;
demo) dotnet run docs/examples/revocation-realm.cs ;;
test) xunit "$(cat tests/Pester/*.Tests.ps1 2>/dev/null | grep -cE "^ *It +['\"]" || true)" "$@" ;;
soak) DSMIP_SOAK=1 xunit 0 --filter Category=Soak "$@" ;;
bench) dotnet run --project tests/Benchmarks -c Release -- "$@" ;;
package) dotnet pack src/DsmipTools -c Release -o out ;;
clean) rm -rf out module/bin src/*/bin src/*/obj tests/*/bin tests/*/obj ;;
esac
