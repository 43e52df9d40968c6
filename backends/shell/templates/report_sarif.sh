# --- SARIF 2.1.0, for code scanning --------------------------------------------------------------

sarif_start() {
  sarif_rules=''
  emit "{\"\$schema\": \"https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json\",
\"version\": \"2.1.0\", \"runs\": [{\"results\": ["
}

sarif_item() {
  case $state:$verbose in PASS: | N/A: | SKIPPED:) return 0 ;; esac
  _waived=''
  case $state in
    PASS) _kind=pass _level=none ;;
    FAIL) _kind=fail _level=error ;;
    WAIVED) _kind=fail _level=error _waived=yes ;;
    WARN) _kind=fail _level=warning ;;
    INFO) _kind=fail _level=note ;;
    UNKNOWN) _kind=open _level=none ;;
    MANUAL) _kind=review _level=none ;;
    *) _kind=notApplicable _level=none ;;
  esac
  escape json "$id"
  _id=$shown
  printable text "$found"
  sarif_text "$title${shown:+: $shown}"
  _result="{\"ruleId\": \"$_id\", \"kind\": \"$_kind\", \"level\": \"$_level\", \"message\": {\"text\": \"$shown\"}"
  escape json "${uri:-${place%:*}}"
  _result="$_result, \"locations\": [{\"physicalLocation\": {\"artifactLocation\": {\"uri\": \"$shown\"}"
  _result="$_result, \"region\": {\"startLine\": ${place##*:}}}}]"
  if [ -n "$_waived" ]; then
    printable json "$waiver_words"
    _result="$_result, \"suppressions\": [{\"kind\": \"external\", \"status\": \"accepted\", \"justification\": \"$shown\"}]"
  fi
  emit "${sarif_rules:+,}$newline  $_result}"
  sarif_rule
}

sarif_rule() { # describes the requirement without what was found
  lines=''
  detail expected "$expected"
  advice
  source_detail
  sarif_text "$lines"
  _rule="\"help\": {\"text\": \"$shown\"}}"
  sarif_text "$title"
  sarif_rules="$sarif_rules${sarif_rules:+,}$newline  {\"id\": \"$_id\", \"shortDescription\": {\"text\": \"$shown\"}, $_rule"
}

sarif_text() { # TEXT, which is printable: sets shown to it as a message that holds no link
  escape sarif "$1"
  escape json "$shown"
}

sarif_end() {
  emit "$newline], \"invocations\": [{\"executionSuccessful\": true, \"exitCode\": $verdict}],
\"tool\": {\"driver\": {\"name\": \"reqc\", \"version\": \"$compiler_version\", \"rules\": [$sarif_rules
]}}}]}$newline"
}
