# --- JUnit: the counts stand first, so that all is held until the end ----------------------------

junit_start() {
  junit_cases='' junit_failures=0 junit_errors=0 junit_skipped=0
}

junit_item() {
  escape xml "$id"
  _case="<testcase classname=\"$slug_xml\" name=\"$shown\""
  printable text "$found"
  escape xml "$shown"
  _found=$shown
  case $state in
    PASS)
      junit_cases="$junit_cases    $_case/>$newline"
      return 0
      ;;
    FAIL) _element=failure junit_failures=$((junit_failures + 1)) ;;
    UNKNOWN) if [ -n "$binding" ]; then _element=error junit_errors=$((junit_errors + 1)); else _element=system-out; fi ;;
    WARN | INFO) _element=system-out ;;
    *) _element=skipped junit_skipped=$((junit_skipped + 1)) ;;
  esac
  lines="$state  $title$newline"
  details yes
  escape xml "$lines"
  case $_element in
    skipped) _element="<skipped message=\"$state_word: $_found\"/>" ;;
    system-out) _element="<system-out>$shown</system-out>" ;;
    *) _element="<$_element type=\"$state_word\" message=\"$_found\">$shown</$_element>" ;;
  esac
  junit_cases="$junit_cases    $_case>$_element</testcase>$newline"
}

junit_end() {
  _tests="tests=\"$chosen_count\" failures=\"$junit_failures\" errors=\"$junit_errors\""
  emit "<?xml version=\"1.0\" encoding=\"UTF-8\"?>
<testsuites $_tests>
  <testsuite name=\"$name_xml\" $_tests skipped=\"$junit_skipped\">
$junit_cases  </testsuite>
</testsuites>
"
}
