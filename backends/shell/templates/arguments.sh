# --- the command line ----------------------------------------------------------------------------

usage() {
  comma_list "$host_roles"
  emit "Usage: $script [OPTION]...
Checks this node against: $identity
Reads the node and changes nothing.

What is asked for
  --set OPTION=VALUE    choose the value of an option, see below; may be repeated
  --role ROLE           what this node is (default: $listed); may be repeated
  --only ID, --skip ID  only, or not, this requirement or section; may be repeated
  --strict              what should be must be
  --waive FILE          excuse what its lines name: ID YYYY-MM-DD REASON, until that day
  --date YYYY-MM-DD     judge waivers as of this day (default: today in UTC)
Where to look
  --root DIR            the node that is mounted at DIR (also \$REQC_ROOT)
  --kernel-release R    kernel R instead of the running one
  --kernel-config FILE  the configuration of the kernel
  --network             try connections to other hosts, --timeout SECONDS each (default: 5)
  --deep                as root, try rules in network namespaces; that may load modules
What to write
  --format FORMAT       text (default), json, jsonl, tap, junit, sarif, nagios or prometheus
  --output FORMAT=FILE  write a report to FILE too; may be repeated
  --color WHEN          auto (default), always or never; --no-color is never
  -q, -v                only what needs attention; or what was found for every requirement
  --list, --explain ID  name the requirements; tell all about one; and stop
  --facts               print what this node is as JSON, for reqc evaluate, and stop
  -h, --help            this help
${option_help:+
Options
$option_help
}
Exit status: 0 all required items pass, 1 one fails, 2 usage error,
3 none fails but one could not be verified; with nagios, those of its plugins.
"
}

usage_error() { # MESSAGE [WHAT LIST]
  printable text "$1"
  _message=$shown
  if [ "$standard_format" = nagios ]; then
    escape line "$_message"
    printf '%s\n' "REQC UNKNOWN - $shown"
  fi
  printf '%s\n' "$script: $_message" >&2
  if [ -n "${3:-}" ]; then
    comma_list "$3"
    printable text "$listed"
    printf '%s\n' "$2: $shown" >&2
  fi
  printf '%s\n' "Try $script --help." >&2
  exit "$broken"
}

one_of() { # OPTION VALUE ALLOWED...: refuses another value
  _option=$1 _value=$2 _allowed=''
  shift 2
  for _word in "$@"; do
    [ "$_word" != "$_value" ] || return 0
    _allowed=$_allowed${_allowed:+$newline}$_word
  done
  comma_list "$_allowed" or
  usage_error "$_option takes $listed, not '$_value'"
}

report_format() { # OPTION FORMAT
  one_of "$1" "$2" text json jsonl tap junit sarif nagios prometheus
}

set_option() { # OPTION VALUE
  case $1 in
    --format)
      report_format "$1" "$2"
      standard_format=$2
      if [ "$2" = nagios ]; then broken=3; else broken=2; fi
      ;;
    --output) add_output "$2" ;;
    --color)
      one_of "$1" "$2" auto always never
      color=$2
      ;;
    --only)
      require_id "$2"
      only=$only$2$newline
      ;;
    --skip)
      require_id "$2"
      skip=$skip$2$newline
      ;;
    --explain)
      is_requirement "$2" || no_requirement "$2"
      explain=$number
      ;;
    --set) set_choice "$2" ;;
    --role) choose_role "$2" ;;
    --waive) read_waivers "$2" ;;
    --date)
      check_day "$2" '--date: '
      today=$2
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
    --kernel-config)
      readable "$@"
      kernel_config=$2
      ;;
    --timeout)
      case $2 in
        *[!0-9]* | ?????* | '' | 0*) usage_error "--timeout takes seconds from 1 to 9999, not '$2'" ;;
      esac
      timeout_seconds=$2
      ;;
  esac
}

readable() { # OPTION FILE
  if [ ! -f "$2" ] || [ ! -r "$2" ]; then usage_error "$1: '$2' cannot be read"; fi
}

add_output() { # FORMAT=FILE
  case $1 in
    *"$newline"* | *=) _file='' ;;
    *) _file=$1 ;;
  esac
  case $_file in *=*) ;; *) usage_error "\`$1\` is no FORMAT=FILE" ;; esac
  report_format --output "${1%%=*}"
  case $newline$outputs in *"$newline${1%%=*}="*) usage_error "--output: one ${1%%=*} report is enough" ;; esac
  outputs=$outputs$1$newline
}

is_requirement() { # ID: sets number where there is such a requirement, and describes it
  number=0
  while [ "$number" -lt "$total" ]; do
    number=$((number + 1))
    describe "$number"
    [ "$id" != "$1" ] || return 0
  done
  return 1
}

require_id() { # ID of a requirement or a section
  number=0
  case $1 in '' | *"$newline"*) no_requirement "$1" ;; esac
  while [ "$number" -lt "$total" ]; do
    number=$((number + 1))
    describe "$number"
    ! named_in "$newline$1$newline" || return 0
  done
  no_requirement "$1"
}

no_requirement() { # ID
  usage_error "there is no requirement '$1'; --list names all"
}

with_value='--set --role --only --skip --waive --date --root --kernel-release --kernel-config --timeout
--format --output --color --explain'
without_value='--strict --network --deep --no-color --list --facts --help'

parse_arguments() {
  # A plugin answers in its own way however early its arguments are wrong.
  case " $* " in *' --format nagios '* | *' --format=nagios '*) standard_format=nagios broken=3 ;; esac
  while [ $# -gt 0 ]; do
    case $1 in
      --no-color) color=never ;;
      --network) network=yes ;;
      --deep) deep=yes ;;
      --strict) strict=yes ;;
      --list) list=yes ;;
      --facts) facts=yes ;;
      -q | --quiet) quiet=yes ;;
      -v | --verbose) verbose=yes ;;
      -h | --help)
        usage
        status=0
        exit 0
        ;;
      --*=*)
        takes_value "${1%%=*}" || unknown_option "$1"
        set_option "${1%%=*}" "${1#*=}"
        ;;
      *)
        takes_value "$1" || unknown_option "$1"
        [ $# -ge 2 ] || usage_error "$1 needs a value"
        set_option "$1" "$2"
        shift
        ;;
    esac
    shift
  done
}

takes_value() { # OPTION
  for _known in $with_value; do
    [ "$_known" != "$1" ] || return 0
  done
  return 1
}

unknown_option() { # ARGUMENT: suggests the first option that begins like it
  _near=''
  for _known in $with_value $without_value; do
    case $1 in "${_known%"${_known#?????}"}"*) _near=${_near:-"; did you mean $_known?"} ;; esac
  done
  usage_error "unknown option '$1'$_near"
}
