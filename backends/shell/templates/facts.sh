# --- facts: what the node is, for a judge elsewhere ----------------------------------------------

no_facts='{"schema": "reqc.facts/1", "collector": "reqc", "root": false, "container": null, "machine": null,
"os_release": null, "kernel": {"release": "", "running": false, "modules": {"supported": null, "tree": null},
"configuration": null, "unread": ["awk is missing"]}, "settings": {"visible": false}, "interfaces": null,
"units": {"files": null, "running": null}, "mounts": null, "bounding_set": null,
"processors": null, "memory": null, "listeners": {"tcp": null, "udp": null}}'

report_facts() { # Writes one JSON document and judges nothing.
  # To mksh printf is a program, and what a program is given cannot be long.
  case $(command -v print) in print) printer='print -r --' ;; *) printer='printf %s\n' ;; esac
  if have awk; then
    # Not every awk says that it could not write, so cat writes; both tell how they ended through 3.
    copy='cat'
    have cat || copy='awk 1'
    {
      _ended=$({ { write_facts | root=$root awk "$facts_program"; echo $? >&3; } | { $copy >&4 || echo 2 >&3; }; } 3>&1)
    } 4>&1
    [ "$_ended" = 0 ] || exit 2
  else
    emit "$no_facts$newline"
  fi
}

put() { # ORDER...
  for _order; do $printer "$_order"; done
}

put_text() { # ORDER TEXT: the order, after as many others as the text has further lines
  _text=$2
  while :; do
    case $_text in *"$newline"*) ;; *) break ;; esac
    put "held ${_text%%"$newline"*}"
    _text=${_text#*"$newline"}
  done
  put "$1 $_text"
}

put_line() { # TEXT
  put_text text "$1"
}

told() { # NAME TEXT: null where there is none
  put "key $1"
  if [ -n "$2" ]; then put_text text "$2"; else put 'is null'; fi
}

number() { # NAME DIGITS: null where it is none
  _digits=${2#"${2%%[!0]*}"}
  case $2 in '' | *[!0-9]*) _digits=null ;; esac
  put_text key "$1"
  put "is ${_digits:-0}"
}

truth() { # NAME COMMAND...
  put "key $1"
  shift
  if "$@"; then put 'is true'; else put 'is false'; fi
}

opens() { # FILE: rights alone do not tell, and awk ends at a file that it cannot open
  [ -f "$1" ] && [ -r "$1" ] && { first_line "$1" || cat "$1"; } >/dev/null 2>&1
}

table() { # NAME KIND FILE OPENING CLOSING: null where the file cannot be read
  put "key $1"
  if opens "$3"; then put "$4" && put_text "$2" "$3" && put "$5"; else put 'is null'; fi
}

each() { # FUNCTION WORD...
  _each=$1
  shift
  for _word; do "$_each" "$_word"; done
}

object() { # KEY, and as each
  put "key $1" '{'
  shift
  each "$@"
  put '}'
}

write_facts() {
  put '{' 'key schema' 'text reqc.facts/1' 'key collector' "text reqc $compiler_version"
  truth root is_root
  told container "$container"
  machine_name
  told machine "$machine"
  put 'key os_release'
  release_facts
  kernel_facts
  setting_facts
  put 'key interfaces'
  interface_facts
  put 'key units' '{'
  unit_facts
  put '}' 'key directories' '{'
  asked_folders folder_fact
  put '}' 'key files' '{'
  known_files=$newline
  asked_lines lines_fact
  asked_folders drop_in_facts
  asked_paths file_fact
  put '}'
  locate /etc/passwd
  table users users "$at" '{' '}'
  mount_table
  table mounts mounts "$_mounts" '[' ']'
  read_own_status
  told bounding_set "$own_bounding_set"
  asked_keys
  count_processors
  number processors "$_count"
  read_memory
  number memory "$_total"
  put 'key listeners' '{'
  ports_fact tcp
  ports_fact udp
  put '}' 'key connections' '['
  [ -z "$network" ] || asked_connections
  put ']' '}' end
}
