# --- interfaces and sockets ----------------------------------------------------------------------

interface_names_free() { # PATTERN...: only interfaces of hardware have a device
  _class=$root/sys/class/net
  if [ ! -d "$_class" ] || [ ! -r "$_class" ]; then
    answer unknown 'the interfaces cannot be listed' "$_class"
    return 0
  fi
  _taken=''
  for _interface in "$_class"/*; do
    [ -e "$_interface/device" ] || continue
    for _pattern in "$@"; do
      # shellcheck disable=SC2254  # the pattern is one
      case ${_interface##*/} in
        $_pattern)
          _taken="$_taken${_taken:+, }${_interface##*/}"
          break
          ;;
      esac
    done
  done
  if [ -z "$_taken" ]; then
    answer pass 'no hardware has such a name' "$_class"
  else
    answer fail "$_taken belongs to hardware" "$_class"
  fi
}

network_file() { # NAME: sets network_file; below another root, /proc/net would be our own
  network_file=$root/proc/net/$1
  if [ -n "$root" ] && [ -r "$root/proc/1/net/$1" ]; then
    network_file=$root/proc/1/net/$1
  fi
}

sockets='' places_tcp='' places_udp=''

read_sockets() { # sets sockets to lines PROTOCOL:HEXADECIMAL-PORT:INODE of what listens, and the places read
  [ -z "$sockets" ] || return 0
  sockets=$newline
  set --
  for _table in tcp tcp6 udp udp6; do
    network_file "$_table"
    [ -r "$network_file" ] || continue
    case $_table in
      tcp*)
        join "$places_tcp" "$network_file"
        places_tcp=$joined
        set -- "$@" of=tcp state=0A "$network_file"
        ;;
      *)
        join "$places_udp" "$network_file"
        places_udp=$joined
        set -- "$@" of=udp state=07 "$network_file"
        ;;
    esac
  done
  [ $# -gt 0 ] || return 0
  if _lines=$(awk '$4 == state { sub(/.*:/, "", $2); print of ":" $2 ":" $10 }' "$@" 2>/dev/null); then
    sockets=$newline$_lines$newline
  else
    places_tcp='' places_udp=''
  fi
}

sockets_of() { # PROTOCOL: sets places to where its sockets were read, or to nothing
  read_sockets
  places=$places_udp
  [ "$1" != tcp ] || places=$places_tcp
}

port_free() { # PROTOCOL PORT HEXADECIMAL-PORT
  sockets_of "$1"
  if [ -z "$places" ]; then
    answer unknown 'the table of sockets cannot be read' "$root/proc/net/$1"
    return 0
  fi
  case $sockets in
    *"$newline$1:$3:"*)
      _socket=${sockets#*"$newline$1:$3:"}
      holder "${_socket%%"$newline"*}"
      answer fail "something listens on $1 port $2$held_by" "$places"
      ;;
    *) answer pass "nobody listens on $1 port $2" "$places" ;;
  esac
}

holder() { # INODE: sets held_by to the process that has the socket open
  held_by='' _socket="socket:[$1]"
  _descriptors=$(ls -l "$root"/proc/[0-9]*/fd 2>/dev/null)
  case $_descriptors in
    *" -> $_socket"*) ;;
    *)
      is_root || held_by='; run as root to learn who'
      return 0
      ;;
  esac
  _descriptors=${_descriptors%%" -> $_socket"*}
  _process=${_descriptors##*"$root/proc/"}
  _process=${_process%%/*}
  first_line "$root/proc/$_process/comm" || line=unknown
  held_by=" (process $_process, $line)"
}
