# --- settings of the running kernel -------------------------------------------------------------

sysctl() { # FILE RELATION VALUE: the running value
  _file=$root/proc/sys/$1
  if [ ! -e "$_file" ]; then
    if [ -d "$root/proc/sys/kernel" ] && provably_absent "$_file"; then
      answer fail 'the running kernel has no such setting; its module may not be loaded' "$_file"
    else
      answer unknown 'the settings of the kernel cannot be seen' "$_file"
    fi
  elif first_line_at_once "$_file"; then
    words "$line"
    _value=$collapsed
    words "$3"
    compare_setting "$_value" "$2" "$collapsed" "$_file"
  else
    answer unknown 'it cannot be read; root could tell' "$_file"
  fi
}

# The kernel gives the numbers of a setting to the first read only, and read reads byte by byte.
first_line_at_once() { # FILE: sets line to its first line; fails where it cannot be read
  line=''
  [ -f "$1" ] && [ -r "$1" ] && line=$(cat "$1" 2>/dev/null) || return 1
  line=${line%%"$newline"*}
}

words() { # TEXT: sets collapsed to its words with one space between them
  set -f
  # shellcheck disable=SC2086  # words are to be split
  set -- $1
  set +f
  collapsed=$*
}

compare_setting() { # FOUND RELATION WANTED LOOKED: as integers where both are, else as words
  if order_integers "$1" "$3"; then
    conclude "$2" "$1" "$4"
  elif [ "$2" = '=' ] || [ "$2" = '!=' ]; then
    if [ "$1" = "$3" ]; then order=0; else order=1; fi
    conclude "$2" "$1" "$4"
  else
    answer unknown "'$1' cannot be compared as a number" "$4"
  fi
}

order_integers() { # INTEGER INTEGER: sets order; fails where one is none
  for _integer in "$1" "$2"; do
    case ${_integer#-} in '' | *[!0-9]*) return 1 ;; esac
  done
  case $1:$2 in
    -*:-*) order_digits "${2#-}" "${1#-}" ;;
    -*)
      order_digits "${1#-}$2" 0
      order=$((0 - order))
      ;;
    *:-*) order_digits "$1${2#-}" 0 ;;
    *) order_digits "$1" "$2" ;;
  esac
}
