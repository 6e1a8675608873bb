@echo off
rem Builds src\Cria.Cli when a source is newer than the last build, then runs the program.
setlocal
set "ROOT=%~dp0"
set "PROGRAM=%ROOT%artifacts\bin\Cria.Cli\release\cria.dll"
set "STAMP=%ROOT%artifacts\cria.stamp"
set DOTNET_NOLOGO=1
set DOTNET_CLI_TELEMETRY_OPTOUT=1

dotnet --list-sdks 2>nul | findstr /b "10." >nul
if errorlevel 1 (
    echo cria: Cria needs the .NET 10 SDK; install it from https://dotnet.microsoft.com/download/dotnet/10.0 and run this command again. 1>&2
    exit /b 1
)

powershell -NoProfile -Command ^
  "$s = Get-Item -ErrorAction Ignore -LiteralPath $env:STAMP; if (-not $s -or -not (Test-Path -LiteralPath $env:PROGRAM)) { exit 1 };" ^
  "$new = @(Get-ChildItem -Recurse -LiteralPath ($env:ROOT + 'src'), ($env:ROOT + 'recipes')) + @(Get-ChildItem ($env:ROOT + 'Directory.*.props'), ($env:ROOT + 'global.json')) | Where-Object { $_.LastWriteTimeUtc -gt $s.LastWriteTimeUtc } | Select-Object -First 1;" ^
  "if ($new) { exit 1 } else { exit 0 }"
if errorlevel 1 (
    echo cria: building ^(Release^) ... 1>&2
    if not exist "%ROOT%artifacts" mkdir "%ROOT%artifacts"
    del "%STAMP%" 2>nul
    echo begun> "%STAMP%.begun"
    dotnet build "%ROOT%src\Cria.Cli" -c Release -v q -nologo -clp:NoSummary -p:RunAnalyzers=false -p:GenerateDocumentationFile=false 1>&2
    if errorlevel 1 exit /b 1
    move /y "%STAMP%.begun" "%STAMP%" >nul
)

dotnet "%PROGRAM%" %*
exit /b %errorlevel%
