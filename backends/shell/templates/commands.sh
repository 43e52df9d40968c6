# --- commands ------------------------------------------------------------------------------------

find_command() { # NAME: sets command_path to where it is below the root, or to nothing
  command_path=''
  case $1 in
    /*)
      locate "$1"
      [ ! -f "$at" ] || [ ! -x "$at" ] || command_path=$at
      return 0
      ;;
    */*) return 0 ;;
  esac
  IFS=:
  set -f
  # shellcheck disable=SC2086  # the folders of the search path are to be split
  set -- "$1" $search_path
  set +f
  unset IFS
  _command=$1
  shift
  for _folder in "$@"; do
    locate "$_folder/$_command"
    if [ -f "$at" ] && [ -x "$at" ]; then
      command_path=$at
      return 0
    fi
  done
}

command_version() { # COMMAND RELATION VERSION ARGUMENT...: without a relation, presence is enough
  find_command "$1"
  if [ -z "$command_path" ]; then
    answer fail 'no such command' "$search_path"
  elif [ -z "$2" ]; then
    answer pass 'present' "$command_path"
  elif [ -n "$root" ]; then
    answer unknown 'commands below another root are not run' "$command_path"
  elif ! have awk; then
    answer unknown 'awk is missing' "$command_path"
  else
    _relation=$2 _version_wanted=$3
    shift 3
    ask_version "$@"
    if [ -n "$_printed" ]; then
      compare_versions "$_printed" "$_relation" "$_version_wanted" "$command_path"
    else
      answer unknown 'it prints no version' "$command_path"
    fi
  fi
}

ask_version() { # ARGUMENT...: sets _printed to the first dotted number that the command prints
  _printed=$(limited 10 "$command_path" "$@" </dev/null 2>&1 |
    awk '!done && match($0, /[0-9]+(\.[0-9]+)+/) { print substr($0, RSTART, RLENGTH); done = 1 }')
}
