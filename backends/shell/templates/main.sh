# --- one run -------------------------------------------------------------------------------------

choose_color() {
  escape_code=''
  case $color in
    never) return 0 ;;
    auto) [ -t 1 ] && [ -z "${NO_COLOR:-}" ] && [ "${TERM:-dumb}" != dumb ] || return 0 ;;
  esac
  escape_code=$(printf '\033')
}

detect_container() { # sets container to how it is known
  container=''
  if first_line "$root/run/systemd/container"; then
    # Windows names itself there too, but its kernel belongs to this system alone.
    [ "$line" = wsl ] || container=$line
  elif [ -e "$root/run/.containerenv" ]; then
    container=/run/.containerenv
  elif [ -e "$root/.dockerenv" ]; then
    container=/.dockerenv
  elif [ -d "$root/run/secrets/kubernetes.io" ] || [ -d "$root/var/run/secrets/kubernetes.io" ]; then
    container='a pod'
  elif [ -r "$root/proc/1/environ" ]; then
    { may_name_container <"$root/proc/1/environ"; } 2>/dev/null || return 0
    container=$({ tr '\000' '\n' <"$root/proc/1/environ"; } 2>/dev/null | grep '^container=.')
    container=${container%%"$newline"*}
  fi
}

may_name_container() { # Reads an environment; shells leave out the NUL between variables, so it is a guess.
  while IFS= read -r line || [ -n "$line" ]; do
    case $line in *container=?*) return 0 ;; esac
  done
  return 1
}

prepare() { # Gives every global variable a value.
  LC_ALL=C
  export LC_ALL
  unset IFS GREP_OPTIONS
  set +f
  standard_path=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
  case :${PATH:-}: in
    *::* | *:[!/]*) search_path=$standard_path:/opt/bin ;;
    *) search_path=$PATH:$standard_path:/opt/bin ;;
  esac
  PATH=$standard_path:$search_path
  script=${0##*/} standard_format=text outputs='' sink='' color=auto only=$newline skip=$newline
  root='' asked_release='' kernel_config='' timeout_seconds=5 network='' deep='' strict=''
  chosen_roles='' waivers=$newline today='' waiver_words='' stale=''
  list='' explain='' facts='' quiet='' verbose='' container=''
  passed=0 failed=0 warned=0 unknown=0 inapplicable=0 manuals=0 informed=0 skipped=0 waived=0 unverified=0
  number=0 item_number=0 chosen_count=0
  rows='' modules='' blocks='' symbols='' config='' tree='' pending='' blind=''
}

each_chosen() { # FUNCTION: calls it for each described item that was asked for
  number=0
  while [ "$number" -lt "$total" ]; do
    number=$((number + 1))
    describe "$number"
    ! chosen || "$1"
  done
}

list_item() {
  comma_list "$roles"
  emit "$id  $level  $title  ($listed${condition:+, when $condition})$newline"
}

count_item() {
  chosen_count=$((chosen_count + 1))
}

count_chosen() { # sets chosen_count, for which all items are described only where some are left out
  if [ "$only" = "$newline" ]; then
    chosen_count=$total
  else
    each_chosen count_item
  fi
}

check_item() {
  item_number=$((item_number + 1))
  if named_in "$skip"; then
    state=SKIPPED found='' looked='' stale=''
  else
    judge
  fi
  count_state
  each_report item
}

judge_node() { # sets status
  count_chosen
  each_line open_output "$outputs"
  umask 077
  if is_root; then as_root=yes; else as_root=''; fi
  each_report start
  each_chosen check_item
  conclude_run
  each_report end
  each_line close_output "$outputs"
  status=$verdict
  [ "$standard_format" != nagios ] || status=$nagios_status
}

main() {
  # A script that stops before its verdict has judged nothing, whatever the shell would return.
  status='' broken=2
  trap '[ -n "$status" ] || exit "$broken"' EXIT
  set -u
  prepare
  [ -z "${REQC_ROOT:-}" ] || set_option --root "$REQC_ROOT"
  parse_arguments "$@"
  [ -n "$chosen_roles" ] || chosen_roles=$host_roles
  while :; do case $root in */) root=${root%/} ;; *) break ;; esac done
  case $root in '' | /*) ;; *) root=$(pwd)/$root ;; esac
  choose_color
  read_day
  if [ -n "$list" ]; then
    each_chosen list_item
  elif [ -n "$explain" ]; then
    describe "$explain"
    explain_item
  else
    read_release
    detect_container
    if [ -z "$facts" ]; then
      judge_node
      return 0
    fi
    report_facts
  fi
  status=0
}
