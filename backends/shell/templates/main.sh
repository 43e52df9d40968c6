# --- judging and the command line ----------------------------------------------------------------

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

usage() {
  emit "Usage: $script [OPTION]...
Checks this node against: $identity
Reads the node and changes nothing.

  --format FORMAT     text (default), json or tap
  --only ID           check only this requirement or section; may be repeated
  --skip ID           do not check this requirement or section; may be repeated
  --root DIR          look at the node mounted at DIR (also \$REQC_ROOT)
  --kernel-release R  judge for kernel R instead of the running one
  --network           try connections to other hosts
  --strict            what should be must be
  --list              name the requirements and stop
  --color WHEN        auto (default), always or never; --no-color is never
  -q                  show only what needs attention
  -v                  show what was found for every requirement
  --help              show this help

Exit status: 0 all required items pass, 1 one fails, 2 usage error,
3 none fails but one could not be verified.
"
}

usage_error() { # MESSAGE
  printable text "$1"
  printf '%s\n' "$script: $shown" "Try $script --help." >&2
  exit 2
}

set_option() { # OPTION VALUE
  case $1 in
    --format)
      case $2 in text | json | tap) format=$2 ;; *) usage_error "--format takes text, json or tap, not '$2'" ;; esac
      ;;
    --color)
      case $2 in auto | always | never) color=$2 ;; *) usage_error "--color takes auto, always or never, not '$2'" ;; esac
      ;;
    --only)
      require_id "$2"
      only=$only$2$newline
      ;;
    --skip)
      require_id "$2"
      skip=$skip$2$newline
      ;;
    --root)
      [ -d "$2" ] || usage_error "--root: '$2' is no folder"
      root=$2
      ;;
    --kernel-release)
      case $2 in
        '' | . | .. | *[!A-Za-z0-9._+~-]*) usage_error "--kernel-release: '$2' is no release of a kernel" ;;
      esac
      asked_release=$2
      ;;
  esac
}

require_id() { # ID
  number=0
  case $1 in '' | *"$newline"*) usage_error "there is no requirement '$1'" ;; esac
  while [ "$number" -lt "$total" ]; do
    number=$((number + 1))
    "describe_$number"
    ! named_in "$newline$1$newline" || return 0
  done
  usage_error "there is no requirement '$1'"
}

parse_arguments() {
  while [ $# -gt 0 ]; do
    case $1 in
      --format | --color | --only | --skip | --root | --kernel-release)
        [ $# -ge 2 ] || usage_error "$1 needs a value"
        set_option "$1" "$2"
        shift
        ;;
      --format=* | --color=* | --only=* | --skip=* | --root=* | --kernel-release=*)
        set_option "${1%%=*}" "${1#*=}"
        ;;
      --no-color) color=never ;;
      --network) network=yes ;;
      --strict) strict=yes ;;
      --list) list=yes ;;
      -q | --quiet) quiet=yes ;;
      -v | --verbose) verbose=yes ;;
      -h | --help)
        usage
        status=0
        exit 0
        ;;
      *) usage_error "unknown option '$1'" ;;
    esac
    shift
  done
}

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
  network='' strict='' list='' quiet='' verbose='' separator='' container=''
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
  each_chosen count_item
  report_start
  each_chosen check_item
  verdict=0
  [ "$unverified" = 0 ] || verdict=3
  [ "$failed" = 0 ] || verdict=1
  report_end
  status=$verdict
}
