# --- judging -------------------------------------------------------------------------------------

describe() { # NUMBER: sets what is known of an item before anything was looked at
  when='' guard='' check=check_$1 expected='' condition='''' because='' notes='' fix='' see='' erratum='' citations=''
  title='' json_title='' json_expected='' json_condition='' json_because='' json_notes='' json_fix=''
  json_see='' json_erratum='' json_file='' json_citations='' uri=''
  describe_usual
  "describe_$1"
  [ -n "$expected" ] || expected=$title json_expected=$json_title
  place=$file:$line json_place=${json_file:+$json_file:$line}
}

judge() { # Sets state, found and looked of the described item: its role, condition, guard and check.
  state='' found='' looked='' outcome=pass caution=''
  if ! binds_host; then
    comma_list "$roles" and
    state=N/A found="binds $listed hosts"
  elif asked_for && applies_here; then
    judge_check
    [ "$state$strict" != WARNyes ] || state=FAIL
  fi
  waive
}

asked_for() { # succeeds when the choices ask for the item
  [ -n "$when" ] || return 0
  "$when"
  case $outcome in
    fail) state=N/A found="not asked for: when $condition" ;;
    unknown) state=UNKNOWN ;;
    *) return 0 ;;
  esac
  return 1
}

applies_here() { # succeeds when the guard of the item holds on this node
  [ -n "$guard" ] || return 0
  "$guard"
  case $outcome in
    fail) state=N/A found="not applicable here: $found" ;;
    unknown) state=UNKNOWN found="cannot tell whether it applies: $found" ;;
    manual) state=MANUAL ;;
    *) return 0 ;;
  esac
  return 1
}

judge_check() {
  "$check"
  [ -z "$caution" ] || found=$caution
  case $outcome$caution in
    pass) state=PASS ;;
    unknown*) state=UNKNOWN ;;
    manual*) state=MANUAL ;;
    pass*) if [ "$level" = may ]; then state=INFO; else state=WARN; fi ;;
    *) missed ;;
  esac
}

missed() { # Sets state for a disproved requirement of the level.
  case $level in
    must | 'must not') state=FAIL ;;
    should | 'should not') state=WARN ;;
    *) state=INFO ;;
  esac
}

count_state() { # also sets state_word to how programs spell the state, binding where it is no success
  binding=''
  case $state in
    PASS) passed=$((passed + 1)) state_word=pass ;;
    FAIL) failed=$((failed + 1)) state_word=fail binding=yes ;;
    WARN) warned=$((warned + 1)) state_word=warn ;;
    N/A) inapplicable=$((inapplicable + 1)) state_word=n/a ;;
    MANUAL) manuals=$((manuals + 1)) state_word=manual ;;
    INFO) informed=$((informed + 1)) state_word=info ;;
    SKIPPED) skipped=$((skipped + 1)) state_word=skipped ;;
    WAIVED) waived=$((waived + 1)) state_word=waived ;;
    *)
      unknown=$((unknown + 1)) state_word=unknown
      case $level:$strict in
        must* | should*:yes) unverified=$((unverified + 1)) binding=yes ;;
      esac
      ;;
  esac
}

named_in() { # LIST: succeeds when the list names the described item or its section
  case $1 in
    *"$newline$id$newline"* | *"$newline${id%%.*}$newline"*) return 0 ;;
  esac
  return 1
}

chosen() {
  [ "$only" = "$newline" ] || named_in "$only"
}
