# --- --explain: a requirement on paper, and what will be looked at -------------------------------

explain_item() {
  lines="$id: $title$newline"
  detail level "$level"
  detail expected "$expected"
  detail 'asked when' "$condition"
  comma_list "$roles" and
  detail binds "$listed hosts"
  each_line note_detail "$notes"
  advice
  source_detail
  read_checks_aloud
  indent='        '
  if [ -n "$guard" ]; then
    say 'applies only where'
    aloud "$guard"
  fi
  say 'looks whether'
  aloud "$check"
  emit "$lines"
}

note_detail() { # TEXT
  detail note "$1"
}

say() { # TEXT, which is printable
  lines="$lines$indent$1$newline"
}

aloud() { # CHECK...: says each of them, further in
  set -- "$indent" "$@"
  indent="$indent  "
  while [ $# -gt 1 ]; do
    "$2"
    _margin=$1
    shift 2
    set -- "$_margin" "$@"
  done
  indent=$1
}

say_words() { # WORDS...: with everything that would steer a terminal made visible
  printable text "$*"
  say "$shown"
}

# From here on a check says what it would look at, and looks at nothing.
read_checks_aloud() {
  all_of() { say 'all of:' && aloud "$@"; }
  any_of() { say 'one of:' && aloud "$@"; }
  not_of() { say 'not:' && aloud "$@"; }
  of_image() { :; }
  manual() { say_words "by a person: $1"; }
  architecture() { say_words "the machine is one of: $*"; }
  operating_system() { say_words "/etc/os-release names $*"; }
  os_release() { say_words "/etc/os-release: $*"; }
  kernel_version() { say_words "the release of the kernel is $*"; }
  sysctl() { say_words "/proc/sys/$1 is $2 $3"; }
  interface_names_free() { say_words "no hardware interface is called $*"; }
  unit() { say_words "the systemd unit $1 is $2"; }
  file_exists() { say_words "$1 exists and is no directory"; }
  file_contains() { say_lines "the file $1 has each of these lines" "$@"; }
  file_mode() { say_words "the mode of $1 is $2"; }
  file_owner() { say_words "the owner of $1 is $2"; }
  mounted() { say_words "a $2 file system is mounted at $1"; }
  capability() { say_words "$1 is in the bounding set of capabilities"; }
  command_version() { say_words "the command $1 is installed${2:+, version $2 $3}"; }
  processors() { say_words "processors online: $*"; }
  memory() { say_words "memory: $* KiB"; }
  disk_space() { say_words "size of the file system that holds $1: $2 $3 KiB"; }
  port_free() { say_words "nobody listens on $1 port $2"; }
  ini_list() { say_ini "$@"; }
  reachable() { say_reachable "$@"; }
  kernel_capability() { say_capability "$@"; }
}

say_lines() { # TEXT PATH LINE...
  say_words "$1:"
  shift 2
  for _wanted in "$@"; do say_words "  $_wanted"; done
}

say_ini() { # as ini_list
  _in="[$2] $3 in $1"
  shift 4
  until [ "$1" = -- ]; do
    _in="$_in, $1/*.conf"
    shift
  done
  shift
  say_words "$_in has each of:"
  for _wanted in "$@"; do say_words "  $_wanted"; done
}

say_reachable() { # LABEL PORT HOST...
  _label=$1 _port=$2
  shift 2
  say_words "with --network, one of these accepts TCP connections to port $_port ($_label): ${*:-nobody said which}"
}

say_capability() { # as kernel_capability
  say_words "the kernel offers $1; one of these proves it:"
  [ -z "$3" ] || say_words "  with --deep, the rule is accepted: $3"
  shift 3
  while [ $# -gt 0 ]; do
    case $1 in
      path) say_words "  $2 exists" && shift 2 ;;
      row) say_words "  a line $3 in /proc/$2" && shift 3 ;;
      module) say_words "  module $2: loaded, built in, or on disk and not blocked" && shift 2 ;;
      *)
        say_words "  CONFIG_$2 is one of $3${4:+, from $4 on}${5:+, before $5}${6:+, unless CONFIG_$6 is known}"
        shift 6
        ;;
    esac
  done
}
