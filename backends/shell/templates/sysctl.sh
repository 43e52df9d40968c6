# --- settings of the running kernel, and what the next boot makes of them ------------------------

# shellcheck disable=SC2016  # awk's fields
sysctl_functions='
function trimmed(text) { sub(/^[ \t\r]+/, "", text); sub(/[ \t\r]+$/, "", text); return text }
# Returns a key as a path: where a dot comes before any slash, the two change places.
function path(key,  i, one, text) {
  sub(/^\/+/, "", key)
  if (!match(key, /[.\/]/) || substr(key, RSTART, 1) == "/") return key
  for (i = 1; i <= length(key); i++) {
    one = substr(key, i, 1)
    text = text (one == "." ? "/" : one == "/" ? "." : one)
  }
  return text
}
# Sets key and value from a line of sysctl.d; a line without a value keeps patterns off -KEY.
function assignment(line,  at) {
  line = trimmed(line)
  if (line == "" || line ~ /^[#;]/) return 0
  at = index(line, "=")
  if (!at && line !~ /^-/) return 0
  key = at ? trimmed(substr(line, 1, at - 1)) : line
  value = at ? trimmed(substr(line, at + 1)) : ""
  gsub(/[ \t]+/, " ", value)
  sub(/^-/, "", key)
  key = (at ? "" : "-") path(key)
  return 1
}'

# shellcheck disable=SC2016  # awk's fields
sysctl_program=$sysctl_functions'
# Returns a pattern of sysctl.d as an expression; no part of it matches a slash.
function expression(pattern,  i, one, text, inside) {
  for (i = 1; i <= length(pattern); i++) {
    one = substr(pattern, i, 1)
    if (inside) { text = text (one == "!" && inside == 1 ? "^" : one); inside = one == "]" ? 0 : 2 }
    else if (one == "*") text = text "[^/]*"
    else if (one == "?") text = text "[^/]"
    else if (one == "[" && index(substr(pattern, i), "]")) { text = text one; inside = 1 }
    else text = text (one ~ /[A-Za-z0-9_\/]/ ? one : one == "^" || one == "\\" ? "\\" one : "[" one "]")
  }
  return "^" text "$"
}
function decided(place) {
  for (i = 1; i <= total; i++) if (wanted[i] == key || "-" wanted[i] == key) {
    exact[wanted[i]] = 1
    if (key ~ /^-/) delete next_value[wanted[i]]
    else { next_value[wanted[i]] = value; next_place[wanted[i]] = place }
  } else if (key ~ /[*?[]/ && key !~ /^-/ && !(wanted[i] in exact) && wanted[i] ~ expression(key)) {
    next_value[wanted[i]] = value
    next_place[wanted[i]] = place
  }
}
BEGIN { total = split(ENVIRON["wanted"], wanted, "\n"); proc = ENVIRON["root"] "/proc/sys/" }
index(FILENAME, proc) == 1 { if (FNR == 1) print "now\t" substr(FILENAME, length(proc) + 1) "\t" $0; next }
assignment($0) { decided(FILENAME ":" FNR) }
END { for (one in next_value) print "next\t" one "\t" next_value[one] "\t" next_place[one] }'

settings=''

read_settings() { # sets settings to lines: now KEY VALUE, next KEY VALUE PLACE, with tabs between
  [ -z "$settings" ] || return 0
  settings=$newline
  have awk || return 0
  set --
  list_sysctl_files
  IFS=$newline
  set -f
  for _key in $wanted_settings; do
    [ ! -f "$root/proc/sys/$_key" ] || [ ! -r "$root/proc/sys/$_key" ] || set -- "$@" "$root/proc/sys/$_key"
  done
  # shellcheck disable=SC2086  # one file a line
  set -- "$@" $sysctl_files
  set +f
  unset IFS
  [ $# -eq 0 ] ||
    settings=$newline$(wanted=$wanted_settings root=$root awk "$sysctl_program" "$@" 2>/dev/null)$newline
}

list_sysctl_files() { # sets sysctl_files, one a line, in the order in which a boot applies them
  sysctl_files='' sorted=''
  _folders='/etc/sysctl.d /run/sysctl.d /usr/local/lib/sysctl.d /usr/lib/sysctl.d /lib/sysctl.d'
  for _folder in $_folders; do
    locate "$_folder"
    for _file in "$at"/*.conf; do
      if [ -e "$_file" ] || [ -L "$_file" ]; then sort_in "${_file##*/}"; fi
    done
  done
  _left=$sorted
  while [ -n "$_left" ]; do
    _name=${_left%%"$newline"*} _left=${_left#*"$newline"}
    for _folder in $_folders; do
      locate "$_folder"
      [ -e "$at/$_name" ] || [ -L "$at/$_name" ] || continue
      locate "$_folder/$_name"
      add_sysctl_file
      break
    done
  done
  case $newline$sorted in *"${newline}99-sysctl.conf$newline"*) return 0 ;; esac
  locate /etc/sysctl.conf
  add_sysctl_file
}

add_sysctl_file() { # Takes what was located, if it can be read.
  [ ! -f "$at" ] || [ ! -r "$at" ] || sysctl_files=$sysctl_files$at$newline
}

sysctl() { # KEY-AS-PATH RELATION VALUE: the running value, and the one of the next boot
  _file=$root/proc/sys/$1
  if [ ! -e "$_file" ]; then
    if [ -d "$root/proc/sys/kernel" ] && provably_absent "$_file"; then
      answer fail 'the running kernel has no such setting; its module may not be loaded' "$_file"
    else
      answer unknown 'the settings of the kernel cannot be seen' "$_file"
    fi
    return 0
  fi
  read_settings
  if present_value "$1"; then
    words "$3"
    _wanted_value=$collapsed
    words "$line"
    compare_setting "$collapsed" "$2" "$_wanted_value" "$_file"
    # What the image of a container sets at boot, its host need not.
    [ -n "$container" ] || next_boot "$1" "$2" "$_wanted_value"
  else
    answer unknown 'it cannot be read; root could tell' "$_file"
  fi
}

present_value() { # KEY: sets line to the first line of its file; fails where it cannot be read
  case $settings in
    *"${newline}now$tab$1$tab"*)
      line=${settings#*"${newline}now$tab$1$tab"}
      line=${line%%"$newline"*}
      ;;
    *) first_line_at_once "$root/proc/sys/$1" ;;
  esac
}

next_boot() { # KEY RELATION VALUE: a value that holds now and not later is a pass with a caution
  case $settings in *"${newline}next$tab$1$tab"*) ;; *) return 0 ;; esac
  _next=${settings#*"${newline}next$tab$1$tab"}
  _next=${_next%%"$newline"*}
  _place=${_next#*"$tab"} _next=${_next%%"$tab"*}
  _now=$outcome _found=$found _looked=$looked
  compare_setting "$_next" "$2" "$3" "$_looked; ${_place%:*}"
  case $_now:$outcome in
    pass:fail | pass:unknown)
      answer pass "$_found" "$looked"
      caution="$_found holds now, but $_place sets $_next at the next boot"
      ;;
    fail:pass) answer fail "$_found, although $_place sets $_next at the next boot" "$looked" ;;
    *) answer "$_now" "$_found" "$_looked" ;;
  esac
}

# The kernel gives the numbers of a setting to the first read only, and read reads byte by byte.
first_line_at_once() { # FILE: sets line to its first line; fails where it cannot be read or is empty
  line=''
  [ -f "$1" ] && [ -r "$1" ] && line=$(cat "$1" 2>/dev/null && printf x) && [ "$line" != x ] || return 1
  line=${line%x}
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
