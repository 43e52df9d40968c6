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

read_listeners() { # PROTOCOL STATE: sets listeners to the hexadecimal ports of sockets in the state
  listeners='' _places=''
  for _table in "$1" "${1}6"; do
    network_file "$_table"
    [ -r "$network_file" ] || continue
    join "$_places" "$network_file"
    _places=$joined
    _ports=$(awk -v "state=$2" '$4 == state { sub(/.*:/, "", $2); print $2 }' "$network_file" 2>/dev/null) ||
      _places=''
    listeners=$listeners$newline$_ports$newline
  done
}

port_free() { # PROTOCOL PORT HEXADECIMAL-PORT
  case $1 in
    tcp)
      [ -n "$listeners_tcp" ] || { read_listeners tcp 0A && listeners_tcp=$listeners places_tcp=$_places; }
      listeners=$listeners_tcp _places=$places_tcp
      ;;
    *)
      [ -n "$listeners_udp" ] || { read_listeners udp 07 && listeners_udp=$listeners places_udp=$_places; }
      listeners=$listeners_udp _places=$places_udp
      ;;
  esac
  if [ -z "$_places" ]; then
    answer unknown 'the table of sockets cannot be read' "$root/proc/net/$1"
    return 0
  fi
  case $listeners in
    *"$newline$3$newline"*) answer fail "something listens on $1 port $2" "$_places" ;;
    *) answer pass "nobody listens on $1 port $2" "$_places" ;;
  esac
}
