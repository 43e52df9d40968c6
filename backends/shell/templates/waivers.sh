# --- waivers: what may be missed until a day -----------------------------------------------------

read_waivers() { # FILE: adds its lines ID YYYY-MM-DD REASON to waivers
  readable --waive "$1"
  _at=0 white=$(printf ' \t\r')
  while IFS= read -r _rest || [ -n "$_rest" ]; do
    _at=$((_at + 1))
    _rest=${_rest%"${_rest##*[!"$white"]}"}
    cut_word
    case $_word in '' | '#'*) continue ;; esac
    _id=$_word
    cut_word
    check_waiver "$1:$_at"
    waivers="$waivers$_id $_word $_rest$newline"
  done <"$1"
}

cut_word() { # moves the first word of _rest to _word
  _rest=${_rest#"${_rest%%[!"$white"]*}"}
  _word=${_rest%%["$white"]*}
  _rest=${_rest#"$_word"}
  _rest=${_rest#"${_rest%%[!"$white"]*}"}
}

check_waiver() { # FILE:LINE
  is_requirement "$_id" || usage_error "$1: there is no requirement \`$_id\` to waive"
  case $waivers in *"$newline$_id "*) usage_error "$1: \`$_id\` is waived twice" ;; esac
  [ -n "$_word" ] || usage_error "$1: the waiver of \`$_id\` has no date"
  check_day "$_word" "$1: "
  [ -n "$_rest" ] || usage_error "$1: the waiver of \`$_id\` has no reason"
}

check_day() { # DAY WHERE: refuses what is no day of the calendar
  case $1 in
    [0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]) ;;
    *) usage_error "$2\`$1\` is no date such as 2027-12-31" ;;
  esac
  _year=${1%%-*} _day=${1##*-}
  # Two years of each four end in digits that 4 divides; of centuries the first two digits count.
  case $1 in
    *00-02-29) _year=${_year%??} ;;
  esac
  case $1 in
    0000-* | *-00 | *-00-* | *-3[2-9] | *-[4-9]? | *-02-3? | *-0[469]-31 | *-11-31) _day='' ;;
    *-0[1-9]-* | *-1[0-2]-*) ;;
    *) _day='' ;;
  esac
  case $1:$_year in
    *-02-29:*[02468][048] | *-02-29:*[13579][26]) ;;
    *-02-29:*) _day='' ;;
  esac
  [ -n "$_day" ] || usage_error "$2\`$1\` is no day of the calendar"
}

day_number() { # DAY: sets day_number to its digits
  _month_and_day=${1#*-}
  day_number=${1%%-*}${_month_and_day%-*}${1##*-}
}

read_day() { # sets today to the day as of which waivers are judged
  [ "$waivers" != "$newline" ] || return 0
  today=${today:-$(date -u +%Y-%m-%d 2>/dev/null)}
  [ -n "$today" ] || usage_error 'date(1) tells no day; pass --date'
}

waive() { # Changes state and found of the described item as its waiver says.
  stale=''
  case $waivers in *"$newline$id "*) ;; *) return 0 ;; esac
  _waiver=${waivers#*"$newline$id "}
  _waiver=${_waiver%%"$newline"*}
  _until=${_waiver%% *}
  case $state in
    PASS)
      stale="the waiver until $_until is stale"
      found="$found; $stale"
      ;;
    FAIL | WARN | UNKNOWN | INFO)
      day_number "$_until"
      _last=$day_number
      day_number "$today"
      if [ "$day_number" -gt "$_last" ]; then
        state=FAIL found="$found; waiver expired on $_until"
      else
        waiver_words="waived until $_until: ${_waiver#* }"
        state=WAIVED found="$found; $waiver_words"
      fi
      ;;
  esac
}
