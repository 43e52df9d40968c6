# --- output --------------------------------------------------------------------------------------

emit() { # TEXT: a report that cannot be written must not look like a good one
  printf '%s' "$1" || exit 2
}

# shellcheck disable=SC2016  # awk's fields
printable_program='
function octal(text) { return substr(text, 1, 1) * 64 + substr(text, 2, 1) * 8 + substr(text, 3, 1) }
function hex(number, width,  text) {
  while (width-- > 0) { text = substr("0123456789abcdef", number % 16 + 1, 1) text; number = int(number / 16) }
  return text
}
function escaped(code) {
  if (code < 65536) return "\\u" hex(code, 4)
  code -= 65536
  return "\\u" hex(55296 + int(code / 1024), 4) "\\u" hex(56320 + code % 1024, 4)
}
function raw(first, count,  text) {
  while (count-- > 0) text = text sprintf("%c", byte[first++])
  return text
}
# Returns the length of the character at `at` and sets code, or 0 where it is not UTF-8.
function character(at,  lead, length_, i) {
  lead = byte[at]
  if (lead < 128) { code = lead; return 1 }
  if (lead >= 194 && lead < 224) { code = lead - 192; length_ = 2 }
  else if (lead >= 224 && lead < 240) { code = lead - 224; length_ = 3 }
  else if (lead >= 240 && lead < 245) { code = lead - 240; length_ = 4 }
  else return 0
  for (i = 1; i < length_; i++) {
    if (at + i >= total || byte[at + i] < 128 || byte[at + i] > 191) return 0
    code = code * 64 + byte[at + i] - 128
  }
  if (length_ == 3 && (code < 2048 || (code >= 55296 && code < 57344))) return 0
  if (length_ == 4 && (code < 65536 || code > 1114111)) return 0
  return length_
}
function unseen() {
  return code < 32 || (code > 126 && code < 160) || code == 8206 || code == 8207 ||
    (code > 8231 && code < 8239) || (code > 8293 && code < 8298) || code == 65279
}
{ for (i = 1; i <= NF; i++) byte[total++] = octal($i) }
END {
  for (at = 0; at < total; at += size ? size : 1) {
    size = character(at)
    if (!size) text = text (form == "json" ? "\\ufffd" : "\\x" hex(byte[at], 2))
    else if (form == "json" && (code == 34 || code == 92)) text = text "\\" raw(at, 1)
    else if (form == "json" && (code < 32 || code > 126)) text = text escaped(code)
    else if (unseen()) text = text (code < 256 ? "\\x" hex(code, 2) : escaped(code))
    else text = text raw(at, size)
  }
  printf "%s", text
}'

printable() { # FORM TEXT: sets shown to TEXT as plain text or as the inside of a JSON string
  shown=$2
  case $1:$2 in
    *[!\ -~]* | json:*[\"\\]*) ;;
    *) return 0 ;;
  esac
  shown=$(printf '%s' "$2" | od -An -v -to1 2>/dev/null | awk -v "form=$1" "$printable_program" 2>/dev/null) && [ -n "$shown" ] ||
    shown='(od or awk is missing, so it cannot be shown)'
}

report_start() { # Writes what comes before the first item.
  case $format in
    tap)
      emit "TAP version 14${newline}1..$chosen_count$newline"
      ;;
    json)
      printable json "$release"
      _limits="\"kernel_release\": \"$shown\", \"container\": "
      if [ -n "$container" ]; then _limits="${_limits}true"; else _limits="${_limits}false"; fi
      if is_root; then _limits="$_limits, \"root\": true"; else _limits="$_limits, \"root\": false"; fi
      emit "$identity_json, $_limits, \"results\": ["
      ;;
    text) [ -n "$quiet" ] || emit "$identity$newline" ;;
  esac
  [ "$format" = json ] || notes
}

is_root() {
  [ "$(id -u 2>/dev/null)" = 0 ]
}

notes() { # Says under what limits the node was looked at.
  [ -z "$quiet" ] || return 0
  _mark='note: '
  [ "$format" = text ] || _mark='# '
  if [ -n "$container" ]; then
    printable text "$container"
    emit "${_mark}this is a container ($shown): the kernel is the host's, files are those of the image$newline"
  fi
  is_root ||
    emit "${_mark}not run as root: what only root can read stays unknown$newline"
  if [ -n "$asked_release" ] && [ -z "$running" ]; then
    emit "${_mark}judged for kernel $release, which is not the one that runs$newline"
  fi
}

report_item() {
  case $format in
    text) report_text ;;
    tap) report_tap ;;
    json) report_json ;;
  esac
}

paint() { # STATE: sets colour and plain
  colour='' plain=''
  [ -n "$escape" ] || return 0
  plain="${escape}[0m"
  case $1 in
    PASS) colour="${escape}[32m" ;;
    FAIL) colour="${escape}[31m" ;;
    WARN | INFO) colour="${escape}[33m" ;;
    UNKNOWN) colour="${escape}[35m" ;;
    *) colour="${escape}[2m" ;;
  esac
}

report_text() {
  case $state in
    FAIL | WARN | UNKNOWN | INFO | MANUAL) _details=yes ;;
    *) _details=$verbose ;;
  esac
  case $quiet:$state in yes:PASS | yes:N/A | yes:MANUAL | yes:INFO | yes:SKIPPED) return 0 ;; esac
  paint "$state"
  case $state in
    PASS | FAIL | WARN | INFO) _padding='    ' ;;
    MANUAL) _padding='  ' ;;
    N/A) _padding='     ' ;;
    *) _padding=' ' ;;
  esac
  _lines="$colour$state$plain$_padding$id  $title$newline"
  if [ "$state$_details" = N/A ]; then
    printable text "$found"
    detail because "$shown"
  elif [ -n "$_details" ]; then
    detail expected "$expected"
    printable text "$found"
    detail found "$shown"
    printable text "$looked"
    detail 'looked at' "$shown"
    [ -z "$verbose" ] || detail 'asked when' "$condition"
    case $state in
      FAIL | WARN | UNKNOWN | INFO)
        detail because "$because"
        detail fix "$fix"
        detail see "$see"
        detail erratum "$erratum"
        ;;
    esac
    detail source "$place${citations:+ ($citations)}"
  fi
  emit "$_lines"
}

detail() { # LABEL TEXT
  [ -z "$2" ] || _lines="$_lines        $1: $2$newline"
}

report_tap() {
  case $state in
    PASS) _test="ok $test_number - $tap" ;;
    FAIL | UNKNOWN) _test="not ok $test_number - $tap" ;;
    WARN) _test="not ok $test_number - $tap # TODO recommended" ;;
    INFO) _test="not ok $test_number - $tap # TODO optional" ;;
    MANUAL) _test="ok $test_number - $tap # SKIP manual" ;;
    SKIPPED) _test="ok $test_number - $tap # SKIP by --skip" ;;
    *) _test="ok $test_number - $tap # SKIP not applicable" ;;
  esac
  _lines="$_test$newline"
  case $state in
    PASS | SKIPPED) ;;
    *)
      printable json "$found"
      _found=$shown
      printable json "$looked"
      _lines="$_lines  ---$newline  state: \"$state_word\"$newline  found: \"$_found\"$newline"
      _lines="$_lines  looked: \"$shown\"$newline  requirement: $json}$newline  ...$newline"
      ;;
  esac
  emit "$_lines"
}

report_json() {
  printable json "$found"
  _found=$shown
  printable json "$looked"
  emit "$separator$newline  $json, \"state\": \"$state_word\", \"found\": \"$_found\", \"looked\": \"$shown\"}"
  separator=,
}

report_end() {
  case $verdict in
    0) _verdict=PASS _why='every required item that can be checked is met' ;;
    1) _verdict=FAIL _why="$failed required item(s) not met" ;;
    *) _verdict=UNKNOWN _why="$unverified required item(s) could not be verified" ;;
  esac
  _counts="$passed pass, $failed fail, $warned warn, $unknown unknown, $inapplicable n/a, $manuals manual"
  _counts="$_counts, $informed info, $skipped skipped"
  case $format in
    text)
      paint "$_verdict"
      emit "summary: $_counts${newline}verdict: $colour$_verdict$plain - $_why$newline"
      ;;
    tap) emit "# summary: $_counts$newline# verdict: $_verdict - $_why$newline" ;;
    json)
      emit "$newline], \"summary\": {\"pass\": $passed, \"fail\": $failed, \"warn\": $warned, \"unknown\": $unknown"
      emit ", \"n/a\": $inapplicable, \"manual\": $manuals, \"info\": $informed, \"skipped\": $skipped}"
      lower_case "$_verdict"
      emit ", \"verdict\": \"$state_word\", \"exit\": $verdict}$newline"
      ;;
  esac
}

lower_case() { # STATE: sets state_word
  case $1 in
    PASS) state_word=pass ;;
    FAIL) state_word=fail ;;
    WARN) state_word=warn ;;
    UNKNOWN) state_word=unknown ;;
    N/A) state_word=n/a ;;
    MANUAL) state_word=manual ;;
    INFO) state_word=info ;;
    SKIPPED) state_word=skipped ;;
  esac
}
