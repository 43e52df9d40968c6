# --- the command line ----------------------------------------------------------------------------

help_text() {
  emit "Usage: $script [OPTION]...
Brings this node to: $identity
Run it as root. What it replaces is kept in $state_path.

What to do
  -n, --dry-run         say what would change, and how, and change nothing
  --undo                take back all that earlier runs changed; with --dry-run, say what that is
  --list                name the changes and the requirements that ask for them, and stop
Which changes
  --only ID, --skip ID  only, or not, what this requirement or section asks for; may be repeated
  --no-now              change only what lasts: load, set, start, stop and reload nothing
  --root DIR            change the node that is mounted at DIR: its files and the links of its units
What to write
  --color WHEN          auto (default), always or never; --no-color is never
  -q, -v                only what could not be done; or also what is as it should be
  -h, --help            this help

Exit status: 0 all is done or was so already, 1 something could not be done, 2 usage error.
"
}

with_value='--only --skip --root --color'
without_value='--dry-run --undo --list --no-now --no-color --quiet --verbose --help'

set_value() { # OPTION VALUE
  case $1 in
    --color)
      one_of "$1" "$2" auto always never
      color=$2
      ;;
    --only)
      known_id "$2"
      only=$only$2$newline
      ;;
    --skip)
      known_id "$2"
      skip=$skip$2$newline
      ;;
    --root)
      [ -d "$2" ] || usage_error "--root: '$2' is no folder"
      root=$2 offline=yes
      ;;
  esac
}

known_id() { # ID of a requirement or a section
  ! in_list "$1" "$known_ids" || return 0
  usage_error "there is no requirement '$1'; --list names all that this script is for"
}

read_options() {
  while [ $# -gt 0 ]; do
    case $1 in
      -n | --dry-run) dry_run=yes ;;
      --undo) undo=yes ;;
      --list) list=yes ;;
      --no-now) no_now=yes ;;
      --no-color) color=never ;;
      -q | --quiet) quiet=yes ;;
      -v | --verbose) verbose=yes ;;
      -h | --help)
        help_text
        status=0
        exit 0
        ;;
      --*=*)
        takes_value "${1%%=*}" || unknown_option "$1"
        set_value "${1%%=*}" "${1#*=}"
        ;;
      *)
        takes_value "$1" || unknown_option "$1"
        [ $# -ge 2 ] || usage_error "$1 needs a value"
        set_value "$1" "$2"
        shift
        ;;
    esac
    shift
  done
  [ -z "$undo" ] || [ "$only$skip$list" = "$newline$newline" ] ||
    usage_error '--undo takes back everything, so it goes without --only, --skip and --list'
}
