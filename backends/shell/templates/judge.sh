# --- judging -------------------------------------------------------------------------------------

judge() { # Sets state from the guard, the check and the level of the described item.
  found='' looked='' outcome=pass caution=''
  if [ -n "$guard" ]; then
    "$guard"
    case $outcome in
      fail)
        state=N/A found="not applicable here: $found"
        return 0
        ;;
      unknown)
        state=UNKNOWN found="cannot tell whether it applies: $found"
        return 0
        ;;
      manual)
        state=MANUAL
        return 0
        ;;
    esac
  fi
  "check_$number"
  [ -z "$caution" ] || found=$caution
  case $outcome$caution in
    pass) state=PASS ;;
    unknown*) state=UNKNOWN ;;
    manual*) state=MANUAL ;;
    pass*) if [ "$level" = may ]; then state=INFO; else state=WARN; fi ;;
    *) missed ;;
  esac
  [ "$state$strict" != WARNyes ] || state=FAIL
}

missed() { # Sets state for a disproved requirement of the level.
  case $level in
    must | 'must not') state=FAIL ;;
    should | 'should not') state=WARN ;;
    *) state=INFO ;;
  esac
}

count_state() {
  case $state in
    PASS) passed=$((passed + 1)) ;;
    FAIL) failed=$((failed + 1)) ;;
    WARN) warned=$((warned + 1)) ;;
    N/A) inapplicable=$((inapplicable + 1)) ;;
    MANUAL) manuals=$((manuals + 1)) ;;
    INFO) informed=$((informed + 1)) ;;
    SKIPPED) skipped=$((skipped + 1)) ;;
    UNKNOWN)
      unknown=$((unknown + 1))
      case $level:$strict in
        must* | should*:yes) unverified=$((unverified + 1)) ;;
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
