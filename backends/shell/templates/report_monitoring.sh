# --- for monitoring: Nagios plugins, and text files of Prometheus --------------------------------

nagios_start() {
  nagios_lines='' nagios_failed='' nagios_unverified=''
}

nagios_item() {
  case $state in FAIL | WARN | UNKNOWN) ;; *) return 0 ;; esac
  case $state$binding in
    FAIL*) nagios_failed="$nagios_failed${nagios_failed:+, }$id" ;;
    UNKNOWNyes) nagios_unverified="$nagios_unverified${nagios_unverified:+, }$id" ;;
  esac
  printable text "$found"
  escape line "$state $id: $title${shown:+: $shown}"
  nagios_lines=$nagios_lines$shown$newline
}

nagios_end() {
  _why=$why
  case $verdict:$warned in
    1:*) nagios_status=2 _word=CRITICAL _why="$why: $nagios_failed" ;;
    3:*) nagios_status=3 _word=UNKNOWN _why="$why: $nagios_unverified" ;;
    0:0) nagios_status=0 _word=OK ;;
    *) nagios_status=1 _word=WARNING _why="$warned recommended item(s) not met" ;;
  esac
  escape line "$document_name: $_why"
  _status="REQC $_word - $shown"
  performance=''
  each_count performance_value
  emit "$_status |$performance$newline$nagios_lines"
}

performance_value() { # STATE COUNT
  performance="$performance '$1'=$2;;;0;$chosen_count"
}

prometheus_start() {
  emit "# HELP reqc_check_requirement_state The state that a requirement is in, always 1.
# TYPE reqc_check_requirement_state gauge
"
}

prometheus_item() {
  escape json "$id"
  emit "reqc_check_requirement_state{$prometheus_labels,id=\"$shown\",level=\"$level\",state=\"$state_word\"} 1$newline"
}

prometheus_end() {
  emit "# HELP reqc_check_requirements How many requirements are in a state.
# TYPE reqc_check_requirements gauge
"
  each_count prometheus_count
  emit "# HELP reqc_check_exit_status The exit status of the check: 0 met, 1 failed, 3 not verified.
# TYPE reqc_check_exit_status gauge
reqc_check_exit_status{$prometheus_labels} $verdict
"
  _seconds=$(date +%s 2>/dev/null)
  case $_seconds in '' | *[!0-9]*) return 0 ;; esac
  emit "# HELP reqc_check_run_timestamp_seconds When the check ended, in seconds since 1970.
# TYPE reqc_check_run_timestamp_seconds gauge
reqc_check_run_timestamp_seconds{$prometheus_labels} $_seconds
"
}

prometheus_count() { # STATE COUNT
  emit "reqc_check_requirements{$prometheus_labels,state=\"$1\"} $2$newline"
}
