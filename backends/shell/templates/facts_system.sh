# --- facts of the system -------------------------------------------------------------------------

release_facts() {
  if ! read_os_release; then
    put 'is null'
    return 0
  fi
  put '{'
  known_keys=' '
  each_line release_fact "$os_release_lines"
  put '}'
}

release_fact() { # LINE
  _key=${1%%=*}
  case $_key in '' | *[!A-Za-z0-9_]* | "$1") return 0 ;; esac
  case $known_keys in *" $_key "*) return 0 ;; esac
  known_keys="$known_keys$_key "
  release_value "$_key"
  put "key $_key" "text $value"
}

interface_facts() {
  _class=$root/sys/class/net
  if [ ! -d "$_class" ] || [ ! -r "$_class" ]; then
    put 'is null'
    return 0
  fi
  put '['
  for _interface in "$_class"/*; do
    [ -d "$_interface" ] || continue
    put '{'
    told name "${_interface##*/}"
    truth hardware [ -e "$_interface/device" ]
    put '}'
  done
  put ']'
}

unit_facts() {
  unseen=''
  put 'key files'
  if list_units; then put '{' units '}'; else put 'is null'; fi
  put 'key unseen'
  put_text text "$unseen"
  put 'key running'
  running_facts
  first_line "$root/proc/1/comm" || line=''
  put 'key first_process' "text $line"
}

list_units() { # Tells what each folder has, the first one first; fails where one cannot be seen.
  find_unit '' || return 1
  for _folder in $unit_folders; do
    locate "$_folder"
    _folder=$at
    if [ -d "$at" ] && [ ! -r "$at" ]; then
      unseen="$at cannot be listed; root could tell"
      return 1
    fi
    for _entry in "$at"/*; do
      list_unit "$_folder" "${_entry##*/}"
    done
  done
}

list_unit() { # FOLDER NAME
  case $2 in
    *"$newline"* | *.d) ;;
    *.wants | *.requires | *.upholds)
      for _link in "$1/$2"/*; do
        case $_link in *"$newline"*) continue ;; esac
        if [ -e "$_link" ] || [ -L "$_link" ]; then put "wanted_by ${_link##*/}$_link"; fi
      done
      ;;
    *.*)
      unit_file='' mask=''
      look_for_unit "$1" "$2"
      put ${mask:+"mask $2$mask"} ${unit_file:+"file $2$unit_file"}
      ;;
  esac
}

running_facts() {
  _groups=$root/sys/fs/cgroup _open='' _running=/
  for _hierarchy in "$_groups" "$_groups/systemd" "$_groups/unified"; do
    [ -d "$_hierarchy/system.slice" ] || continue
    [ -n "$_open" ] || put '['
    _open=yes
    for _group in "$_hierarchy"/*.slice/*.* "$_hierarchy"/system.slice/*.slice/*.*; do
      case $_running in *"/${_group##*/}/"*) continue ;; esac
      populated "$_group" || continue
      _running=$_running${_group##*/}/
      put_text text "${_group##*/}"
    done
  done
  [ -z "$_open" ] || for _link in "$root$unit_runs":*; do
    case $_running in *"/${_link#*:}/"*) continue ;; esac
    [ ! -L "$_link" ] || put_text text "${_link#*:}"
  done
  if [ -n "$_open" ]; then put ']'; else put 'is null'; fi
}

folder_fact() { # FOLDER: its drop-ins; none where it does not exist, null where that cannot be told
  put_text key "$1"
  locate "$1"
  if [ -d "$at" ] && [ -r "$at" ] && [ -x "$at" ] || { [ ! -d "$at" ] && provably_absent "$at"; }; then
    put '['
    drop_in_names "$1" --
    each_line put_line "$sorted"
    put ']'
  else
    put 'is null'
  fi
}

drop_in_facts() { # FOLDER
  _folder=$1
  drop_in_names "$1" --
  each_line drop_in_fact "$sorted"
}

drop_in_fact() { # NAME
  lines_fact "$_folder/$1"
}

lines_fact() { # PATH
  file_fact "$1" yes
}

file_fact() { # PATH [WITH-LINES]
  case $known_files in *"$newline$1$newline"*) return 0 ;; esac
  known_files=$known_files$1$newline
  put_text key "$1"
  put '{' 'key kind'
  locate "$1"
  if [ ! -e "$at" ]; then
    if provably_absent "$at"; then put 'text absent'; else put 'text unknown'; fi
    put '}'
    return 0
  fi
  if [ -d "$at" ]; then
    put 'text directory'
  elif [ -f "$at" ]; then
    put 'text file'
  elif [ -c "$at" ]; then
    put 'text device'
  else
    put 'text other'
  fi
  if attributes "$at"; then
    put 'key mode' "text $mode"
    number owner "$owner"
    case $size in ??????*) size=65537 ;; esac
    [ -z "${2:-}" ] || [ "$size" -gt 65536 ] || table lines lines "$at" '[' ']'
  fi
  put '}'
}

command_fact() { # NAME: only the commands of the running system are asked for their version
  find_command "$1"
  put_text key "$1"
  put '{'
  told path "${command_path#"$root"}"
  if [ -n "$command_path" ] && [ -z "$root" ]; then
    ask_version --version
    told version "$_printed"
  fi
  put '}'
}

disk_fact() { # PATH
  read_disk_size "$1"
  number "$1" "$_size"
}

ports_fact() { # PROTOCOL
  sockets_of "$1"
  put "key $1"
  if [ -z "$places" ]; then
    put 'is null'
    return 0
  fi
  put '['
  _ports=' '
  for _socket in $sockets; do
    _port=${_socket#*:}
    _port=${_port%%:*}
    case $_port in '' | *[!0-9A-F]*) continue ;; esac
    case $_socket$_ports in
      "$1:"*" $_port "*) ;;
      "$1:"*) put "is $((0x$_port))" && _ports="$_ports$_port " ;;
    esac
  done
  put ']'
}

connection_fact() { # HOST PORT
  put '{'
  told host "$1"
  put 'key port' "is $2" 'key connected'
  _tried=2
  case $1 in
    '' | -* | *[!A-Za-z0-9.:_-]*) ;;
    *) connect "$1" "$2" && _tried=0 || _tried=$? ;;
  esac
  case $_tried in 0) put 'is true' ;; 1) put 'is false' ;; *) put 'is null' ;; esac
  put '}'
}
