# --- JSON, JSON lines and TAP, for programs ------------------------------------------------------

json_member() { # NAME TEXT JSON: adds a member to members, with JSON where the text was made printable
  case $3$2 in
    "$2")
      shown=$2
      case $2 in *[\"\\]*) escape json "$2" ;; esac
      ;;
    *) shown=$3 ;;
  esac
  members="$members${members:+, }\"$1\": \"$shown\""
}

json_list_member() { # NAME LIST JSON
  json_list=$3
  [ -n "$3" ] || as_json_list "$2"
  members="$members, \"$1\": [$json_list]"
}

as_json_list() { # LIST: sets json_list to its lines as strings
  json_list=''
  each_line add_to_json_list "$1"
}

add_to_json_list() { # TEXT
  escape json "$1"
  json_list="$json_list${json_list:+, }\"$shown\""
}

json_truth() { # TEXT: sets truth to whether there is some
  if [ -n "$1" ]; then truth=true; else truth=false; fi
}

requirement_members() { # sets members to what is known of the described item
  members=''
  json_member id "$id" ''
  json_member level "$level" ''
  json_member title "$title" "$json_title"
  json_member expected "$expected" "$json_expected"
  json_member condition "$condition" "$json_condition"
  json_list_member roles "$roles" ''
  json_member because "$because" "$json_because"
  json_list_member notes "$notes" "$json_notes"
  json_member fix "$fix" "$json_fix"
  json_list_member see "$see" "$json_see"
  json_member erratum "$erratum" "$json_erratum"
  json_member place "$place" "$json_place"
  json_list_member citations "$citations" "$json_citations"
}

result_members() { # sets members to the described item and what was found
  requirement_members
  json_member state "$state_word" ''
  printable json "$found"
  json_member found '' "$shown"
  printable json "$looked"
  json_member looked '' "$shown"
}

run_members() { # sets members to what is judged, by which choices, and under what limits
  members=$identity_json
  json_list_member host_roles "$chosen_roles" ''
  _options=''
  each_line option_member "$option_names"
  members="$members, \"options\": {$_options}"
  printable json "$release"
  json_member kernel_release '' "$shown"
  json_truth "$container"
  members="$members, \"container\": $truth"
  json_truth "$as_root"
  members="$members, \"root\": $truth"
}

option_member() { # OPTION: adds it to _options
  describe_option "$1"
  eval "_given=\${$variable+yes} value=\${$variable-}" # the name comes from the table of options
  if [ -z "$_given" ]; then
    shown=null
  else
    case $kind in
      bool | int | port) shown=$value ;;
      *)
        printable json "$value"
        shown="\"$shown\""
        ;;
    esac
  fi
  _options="$_options${_options:+, }\"$1\": $shown"
}

summary_members() { # sets members to the counts, the verdict and the exit status
  members=''
  each_count count_member
  members="\"summary\": {$members}, \"verdict\": \"$verdict_member\", \"exit\": $verdict"
}

count_member() { # STATE COUNT
  members="$members${members:+, }\"$1\": $2"
}

json_start() {
  run_members
  emit "{$members, \"results\": ["
  separator=''
}

json_item() {
  result_members
  emit "$separator$newline  {$members}"
  separator=,
}

json_end() {
  summary_members
  emit "$newline], $members}$newline"
}

jsonl_start() {
  run_members
  emit "{\"type\": \"run\", $members}$newline"
}

jsonl_item() {
  result_members
  emit "{\"type\": \"result\", $members}$newline"
}

jsonl_end() {
  summary_members
  emit "{\"type\": \"end\", $members}$newline"
}

tap_start() {
  emit "TAP version 14${newline}1..$chosen_count$newline"
  notes '# '
}

tap_item() {
  escape tap "$id: $title"
  _test="ok $item_number - $shown"
  printable text "$found"
  _found=$shown
  escape tap "$shown"
  case $state in
    PASS) ;;
    FAIL | WARN | INFO | UNKNOWN)
      _test="not $_test"
      case $binding$level in should*) _test="$_test # TODO recommended" ;; may) _test="$_test # TODO optional" ;; esac
      ;;
    WAIVED)
      printable text "$waiver_words"
      escape tap "$shown"
      _test="not $_test # TODO $shown"
      ;;
    MANUAL) _test="$_test # SKIP manual" ;;
    SKIPPED) _test="$_test # SKIP by --skip" ;;
    *) _test="$_test # SKIP not applicable: ${shown#not applicable here: }" ;;
  esac
  emit "$_test$newline"
  case $state in PASS | SKIPPED) return 0 ;; esac
  escape json "$_found"
  _found=$shown
  printable text "$looked"
  escape json "$shown"
  _looked=$shown
  requirement_members
  emit "  ---$newline  state: \"$state_word\"$newline  found: \"$_found\"$newline  looked: \"$_looked\"$newline"
  emit "  requirement: {$members}$newline  ...$newline"
}

tap_end() {
  emit "# summary: $counts$newline# verdict: $verdict_word - $why$newline"
}
