# --- answers: every probe sets outcome, found, looked and caution --------------------------------

newline='
'
tab='	'

answer() { # OUTCOME FOUND LOOKED
  outcome=$1 found=$2 looked=$3 caution=''
}

join() { # TEXT TEXT: sets joined to both, or to one where the other adds nothing
  case "; $1; " in
    '; ; ') joined=$2 ;;
    *"; $2; "*) joined=$1 ;;
    *) joined="$1${2:+; $2}" ;;
  esac
}

combine() { # ORDER OUTCOME FOUND LOOKED CAUTION: folds an earlier answer into the present one
  if [ "$2" = "$outcome" ]; then
    join "$3" "$found"
    found=$joined
    join "$4" "$looked"
    looked=$joined
    join "$5" "$caution"
    caution=$joined
    return 0
  fi
  for _strongest in $1; do
    case $_strongest in
      "$outcome") return 0 ;;
      "$2")
        outcome=$2 found=$3 looked=$4 caution=$5
        return 0
        ;;
    esac
  done
}

all_of() { # CHECK...: holds when every check holds; the positional parameters are the stack
  set -- pass '' '' '' "$@"
  while [ $# -gt 4 ]; do
    "$5"
    combine 'fail unknown manual pass' "$1" "$2" "$3" "$4"
    shift 5
    set -- "$outcome" "$found" "$looked" "$caution" "$@"
  done
  outcome=$1 found=$2 looked=$3 caution=$4
}

any_of() { # CHECK...: holds when one check holds; one that holds with a caution is the second best
  set -- fail '' '' '' "$@"
  while [ $# -gt 4 ]; do
    "$5"
    [ "$outcome$caution" != pass ] || return 0
    combine 'pass unknown manual fail' "$1" "$2" "$3" "$4"
    shift 5
    set -- "$outcome" "$found" "$looked" "$caution" "$@"
  done
  outcome=$1 found=$2 looked=$3 caution=$4
}

not_of() { # CHECK: holds when the check does not
  "$1"
  caution=''
  case $outcome in
    pass) outcome=fail ;;
    fail) outcome=pass ;;
  esac
}

of_image() { # In a container, what was found is true of its image and says nothing about the host.
  if [ -n "$container" ] && [ "$outcome" != manual ]; then
    answer unknown "only the container was seen, not its host; mount the host and pass --root ($found)" "$looked"
  fi
}

manual() { # INSTRUCTION
  answer manual "$1" ''
}

first_line() { # FILE: sets line to its first line; fails where it cannot be read
  line=''
  [ -f "$1" ] && [ -r "$1" ] || return 1
  IFS= read -r line 2>/dev/null <"$1" || [ -n "$line" ]
}

have() { # TOOL
  command -v "$1" >/dev/null 2>&1
}

limited() { # SECONDS COMMAND...: runs it with a time limit where timeout(1) exists
  if have timeout; then
    timeout "$@"
  else
    shift
    "$@"
  fi
}
