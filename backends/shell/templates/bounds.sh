# --- settings of the kernel that only have to be within bounds; for scripts that change a node -----
#
# Bounds are one word such as ">= 10 <= 20". Where offline is set, no kernel of this node runs.

is_within() { # VALUE BOUNDS: answers whether every bound holds
  _candidate=$1
  # shellcheck disable=SC2086  # pairs of a relation and an integer
  set -- $2
  while [ $# -gt 1 ]; do
    compare_setting "$_candidate" "$1" "$2" ''
    [ "$outcome" = pass ] || return 0
    shift 2
  done
}

running_within() { # KEY-AS-PATH BOUNDS: answers for the running value
  if [ -n "$offline" ] || [ ! -e "/proc/sys/$1" ]; then
    answer fail 'the running kernel has no such setting' "/proc/sys/$1"
  elif first_line_at_once "/proc/sys/$1"; then
    words "$line"
    is_within "$collapsed" "$2"
  else
    answer unknown 'it cannot be read' "/proc/sys/$1"
  fi
}

lastingly_within() { # KEY-AS-PATH BOUNDS: answers for what the next boot sets, or leaves as it runs
  if ! have awk; then
    answer unknown 'awk is missing, so what the next boot sets is not known' ''
  elif _set=$(boot_value "$1"); then
    is_within "${_set# }" "$2"
  else
    running_within "$@"
  fi
}

boot_value() { # KEY-AS-PATH: prints a space and the value that a line of sysctl.d(5) sets; fails where none does
  wanted_settings=$1 settings=''
  read_settings
  case $settings in *"${newline}next$tab$1$tab"*) ;; *) return 1 ;; esac
  _set=${settings#*"${newline}next$tab$1$tab"}
  printf ' %s' "${_set%%"$tab"*}"
}
