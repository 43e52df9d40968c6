# --- the command line ----------------------------------------------------------------------------

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
  --facts             print what this node is as JSON, for reqc evaluate, and stop
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
      --facts) facts=yes ;;
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
