# --- reports: what all formats share -------------------------------------------------------------

emit() { # TEXT: a report that cannot be written must not look like a good one
  if [ -n "$sink" ]; then printf '%s' "$1" >>"$sink"; else printf '%s' "$1"; fi || exit 2
}

each_report() { # start|item|end: calls that function of each format that was asked for
  report_step=$1 sink=''
  "${standard_format}_$report_step"
  [ -z "$outputs" ] || each_line output_part "$outputs"
}

output_part() { # FORMAT=FILE
  sink=${1#*=}.part
  "${1%%=*}_$report_step"
}

# Reports get their names when they are whole, so that nobody reads a half.
open_output() { # FORMAT=FILE
  # Formats that hold something back have one place for it.
  [ "${1%%=*}" = text ] || [ "${1%%=*}" != "$standard_format" ] ||
    usage_error "--output: one $standard_format report is enough"
  { printf '' >"${1#*=}.part"; } 2>/dev/null || usage_error "--output: '${1#*=}' cannot be written"
}

close_output() { # FORMAT=FILE
  mv -f -- "${1#*=}.part" "${1#*=}" || exit 2
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
  return code < 32 || (code > 126 && code < 160) || code == 1564 || code == 8206 || code == 8207 ||
    (code > 8231 && code < 8239) || (code > 8293 && code < 8298) || code == 65279 || code % 65536 > 65533
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
  case $2 in
    *[!\ -~]*) ;;
    *)
      if [ "$1" = json ]; then escape json "$2"; else shown=$2; fi
      return 0
      ;;
  esac
  shown=$(printf '%s' "$2" | od -An -v -to1 2>/dev/null | awk -v "form=$1" "$printable_program" 2>/dev/null) && [ -n "$shown" ] ||
    shown='(od or awk is missing, so it cannot be shown)'
}

escape() { # FORM TEXT: sets shown to TEXT, which is printable, as json, xml, sarif, line or tap want it
  shown='' _rest=$2
  case $1 in
    json) _special="[\"\\\\$newline]" ;;
    xml) _special='[&<>"]' ;;
    tap) _special='[#\\]' ;;
    sarif) _special='[]{]' ;;
    *) _special='[|]' ;;
  esac
  while :; do
    # shellcheck disable=SC2295  # a pattern
    _plain=${_rest%%$_special*}
    shown=$shown$_plain
    [ "$_plain" != "$_rest" ] || return 0
    _rest=${_rest#"$_plain"}
    _plain=${_rest%"${_rest#?}"} _rest=${_rest#?}
    case $1$_plain in
      "json$newline") shown="$shown\\n" ;;
      'xml&') shown="$shown&amp;" ;;
      'xml<') shown="$shown&lt;" ;;
      'xml>') shown="$shown&gt;" ;;
      xml*) shown="$shown&quot;" ;;
      sarif*) literal "$_plain" ;;
      line*) shown=$shown/ ;;
      *) shown=$shown\\$_plain ;;
    esac
  done
}

literal() { # ] or {: adds it to shown such that no reader of SARIF takes it for a link or a placeholder
  _digits=${_rest%%[!0-9]*}
  case $1$_rest in
    '{'[0-9]*) case ${_rest#"$_digits"} in '}'*) shown="$shown{{$_digits}}" _rest=${_rest#"$_digits}"} && return 0 ;; esac ;;
    ']('*) shown=$shown${shown##*[!\\]}\\ ;;
  esac
  shown=$shown$1
}

is_root() {
  read_own_status
  [ "${own_user:-$(id -u 2>/dev/null)}" = 0 ]
}

notes() { # MARK: says under what limits the node was looked at.
  if [ -n "$container" ]; then
    printable text "$container"
    emit "$1this is a container ($shown): the kernel is the host's, files are those of the image$newline"
  fi
  [ -n "$as_root" ] ||
    emit "$1not run as root: what only root can read stays unknown$newline"
  if [ -n "$asked_release" ] && [ -z "$running" ]; then
    emit "$1judged for kernel $release, which is not the one that runs$newline"
  fi
  other_kernels
  [ -z "$others" ] ||
    emit "$1also installed:$others; judge one with --kernel-release$newline"
}

other_kernels() { # sets others to the releases of other module trees
  others=''
  for _folder in /lib/modules /usr/lib/modules; do
    locate "$_folder"
    for _other in "$at"/*/modules.dep; do
      _other=${_other%/modules.dep}
      _other=${_other##*/}
      case " $others $release " in *" $_other "*) continue ;; esac
      case $_other in '*' | *[!A-Za-z0-9._+~-]*) ;; *) others="$others $_other" ;; esac
    done
  done
}

conclude_run() { # sets verdict, its word, why and counts
  verdict=0
  [ "$unverified" = 0 ] || verdict=3
  [ "$failed" = 0 ] || verdict=1
  case $verdict in
    0) verdict_word=PASS verdict_member=pass why='every required item that can be checked is met' ;;
    1) verdict_word=FAIL verdict_member=fail why="$failed required item(s) not met" ;;
    *) verdict_word=UNKNOWN verdict_member=unknown why="$unverified required item(s) could not be verified" ;;
  esac
  counts="$passed pass, $failed fail, $warned warn, $unknown unknown, $inapplicable n/a, $manuals manual"
  counts="$counts, $informed info, $skipped skipped, $waived waived"
}

each_count() { # FUNCTION: calls it with each state and how many items are in it
  "$1" pass "$passed"
  "$1" fail "$failed"
  "$1" warn "$warned"
  "$1" unknown "$unknown"
  "$1" n/a "$inapplicable"
  "$1" manual "$manuals"
  "$1" info "$informed"
  "$1" skipped "$skipped"
  "$1" waived "$waived"
}
