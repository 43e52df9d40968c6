# --- one run -------------------------------------------------------------------------------------

choose_color() {
  escape=''
  case $color in
    never) return 0 ;;
    auto) [ -t 1 ] && [ -z "${NO_COLOR:-}" ] && [ "${TERM:-dumb}" != dumb ] || return 0 ;;
  esac
  escape=$(printf '\033')
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
    container=$({ tr '\000' '\n' <"$root/proc/1/environ"; } 2>/dev/null | grep '^container=.')
    container=${container%%"$newline"*}
  fi
}

prepare() { # Gives every global variable a value.
  LC_ALL=C
  export LC_ALL
  umask 077
  unset IFS
  set +f
  standard_path=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
  case :${PATH:-}: in
    *::* | *:[!/]*) search_path=$standard_path:/opt/bin ;;
    *) search_path=$PATH:$standard_path:/opt/bin ;;
  esac
  PATH=$standard_path:$search_path
  blanks=$(printf ' \t\r')
  script=${0##*/} format=text color=auto only=$newline skip=$newline root='' asked_release=''
  network='' strict='' list='' facts='' quiet='' verbose='' separator='' container=''
  passed=0 failed=0 warned=0 unknown=0 inapplicable=0 manuals=0 informed=0 skipped=0 unverified=0
  number=0 test_number=0 chosen_count=0
  rows='' modules='' blocks='' symbols='' config='' tree='' pending='' blind=''
  listeners_tcp='' listeners_udp='' places_tcp='' places_udp=''
}

each_chosen() { # FUNCTION: calls it for each described item that was asked for
  number=0
  while [ "$number" -lt "$total" ]; do
    number=$((number + 1))
    "describe_$number"
    ! chosen || "$1"
  done
}

list_item() {
  emit "$id  $level  $title$newline"
}

count_item() {
  chosen_count=$((chosen_count + 1))
}

check_item() {
  test_number=$((test_number + 1))
  if named_in "$skip"; then
    state=SKIPPED found='' looked=''
  else
    judge
  fi
  lower_case "$state"
  count_state
  report_item
}

main() {
  # A script that stops before its verdict has judged nothing, whatever the shell would return.
  status=''
  trap '[ -n "$status" ] || exit 2' EXIT
  set -u
  prepare
  [ -z "${REQC_ROOT:-}" ] || set_option --root "$REQC_ROOT"
  parse_arguments "$@"
  while :; do case $root in */) root=${root%/} ;; *) break ;; esac done
  case $root in '' | /*) ;; *) root=$(pwd)/$root ;; esac
  choose_color
  if [ -n "$list" ]; then
    each_chosen list_item
    status=0
    return 0
  fi
  read_release
  detect_container
  if [ -n "$facts" ]; then
    report_facts
    status=0
    return 0
  fi
  each_chosen count_item
  report_start
  each_chosen check_item
  verdict=0
  [ "$unverified" = 0 ] || verdict=3
  [ "$failed" = 0 ] || verdict=1
  report_end
  status=$verdict
}
