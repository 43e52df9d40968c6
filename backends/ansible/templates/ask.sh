# --- questions: what holds is answered in a line of two words, what nobody can tell in a sentence --

ask_guard() { # FUNCTION IDS: whether some requirements are of concern to this node
  "$1"
  case $outcome in
    pass) printf '%s\n' "$1 holds" ;;
    fail) sentence "$2: not applicable here: $found" ;;
    manual) sentence "$2: a person has to tell whether it applies: $found" ;;
    *) sentence "$2: cannot tell whether it applies: $found" ;;
  esac
}

ask_bounds() { # NAME KEY-AS-PATH BOUNDS IDS: whether its file is needed, and its running value wrong
  lastingly_within "$2" "$3"
  tell_need "$1 lasting" "$4: $2 is to be $3 after a boot"
  [ -z "$offline" ] || return 0
  running_within "$2" "$3"
  tell_need "$1 running" "$4: $2 is to be $3"
}

ask_argument() { # ARGUMENT PATTERN: whether the kernel that runs was started without it
  boot_argument "$1" "$2"
  [ -z "$offline" ] && [ "$outcome" = pass ] || printf '%s\n' "$1"
}

tell_need() { # ANSWER WISH
  case $outcome in
    fail) printf '%s\n' "$1" ;;
    unknown) sentence "$2: $found" ;;
  esac
}

sentence() { # TEXT
  printable text "$1"
  printf '%s\n' "left out: $shown"
}

ask() { # guards|settings|arguments running|offline
  status='' offline=''
  set -u
  prepare
  [ "${2-}" = running ] || offline=yes
  read_release
  detect_container
  case ${1-} in
    guards) ask_guards ;;
    settings) ask_settings ;;
    arguments) ask_arguments ;;
    *) return 0 ;;
  esac
  status=0
}
