# --- text, for people ----------------------------------------------------------------------------

text_start() {
  [ -z "$quiet" ] || return 0
  emit "$identity$newline"
  notes 'note: '
}

paint() { # STATE: sets colour and plain
  colour='' plain=''
  [ -n "$escape_code" ] && [ -z "$sink" ] || return 0
  plain="${escape_code}[0m"
  case $1 in
    PASS) colour="${escape_code}[32m" ;;
    FAIL) colour="${escape_code}[31m" ;;
    WARN | INFO) colour="${escape_code}[33m" ;;
    UNKNOWN) colour="${escape_code}[35m" ;;
    *) colour="${escape_code}[2m" ;;
  esac
}

text_item() {
  case $quiet:$state in yes:PASS | yes:MANUAL | yes:INFO | yes:SKIPPED | yes:WAIVED) return 0 ;; esac
  [ "$state$verbose" != N/A ] || return 0
  paint "$state"
  case $state in
    PASS | FAIL | WARN | INFO) _padding='    ' ;;
    MANUAL | WAIVED) _padding='  ' ;;
    N/A) _padding='     ' ;;
    *) _padding=' ' ;;
  esac
  lines="$colour$state$plain$_padding$id  $title$newline"
  case $state:$verbose in
    PASS:) detail note "$stale" ;;
    SKIPPED:) ;;
    *) details "$verbose" ;;
  esac
  emit "$lines"
}

details() { # CONDITION-TOO: adds what was expected and found, and for a miss what to do, to lines
  detail expected "$expected"
  printable text "$found"
  detail found "$shown"
  printable text "$looked"
  detail 'looked at' "$shown"
  [ -z "$1" ] || detail 'asked when' "$condition"
  case $state in
    FAIL | WARN | UNKNOWN | INFO | WAIVED) advice ;;
  esac
  source_detail
}

advice() {
  detail because "$because"
  detail fix "$fix"
  comma_list "$see"
  detail see "$listed"
  detail erratum "$erratum"
}

source_detail() {
  comma_list "$citations"
  detail source "$place${listed:+ ($listed)}"
}

detail() { # LABEL TEXT
  [ -z "$2" ] || lines="$lines        $1: $2$newline"
}

text_end() {
  paint "$verdict_word"
  _counts=$counts
  [ "$inapplicable" = 0 ] || [ -n "$verbose$quiet" ] || _counts="$counts (-v shows what is n/a)"
  emit "summary: $_counts${newline}verdict: $colour$verdict_word$plain - $why$newline"
}
