# --- lists in INI files and their drop-ins -------------------------------------------------------

ini_list() { # MAIN SECTION KEY SEPARATORS FOLDER... -- ITEM...
  _main=$1 _section=$2 _key=$3 _separators=$4
  _items='' _from='' _unread='' looked=$root$_main
  shift 4
  locate "$_main"
  read_ini "$at"
  note_unlisted "$@"
  drop_in_names "$@"
  _names=$sorted
  while [ -n "$_names" ]; do
    read_drop_in "${_names%%"$newline"*}" "$@"
    case $_names in *"$newline"*) _names=${_names#*"$newline"} ;; *) _names='' ;; esac
  done
  until [ "$1" = -- ]; do
    looked="$looked; $root$1"
    shift
  done
  shift
  judge_items "$@"
}

note_unlisted() { # FOLDER... --: notes the folders whose drop-ins cannot be seen
  until [ "$1" = -- ]; do
    locate "$1"
    if [ -d "$at" ]; then
      if [ ! -r "$at" ] || [ ! -x "$at" ]; then note_unread "$at"; fi
    else
      provably_absent "$at" || note_unread "$at"
    fi
    shift
  done
}

note_unread() { # FILE
  join "$_unread" "$1"
  _unread=$joined
}

blanks=" $tab"

drop_in_names() { # FOLDER... --: sets sorted to the names of the drop-ins of all folders, each once
  sorted=''
  until [ "$1" = -- ]; do
    locate "$1"
    for _file in "$at"/*.conf; do
      if [ -e "$_file" ] || [ -L "$_file" ]; then sort_in "${_file##*/}"; fi
    done
    shift
  done
}

read_drop_in() { # NAME FOLDER... --: reads the file of the first folder that has one
  _name=$1
  shift
  until [ "$1" = -- ]; do
    if [ -e "$root$1/$_name" ] || [ -L "$root$1/$_name" ]; then
      locate "$1/$_name"
      read_ini "$at"
      return 0
    fi
    shift
  done
}

trim() { # TEXT: sets trimmed to it without blanks at both ends
  # Only where a line ends in something unusual, a fork finds out whether that is a carriage return.
  case $1 in *[!\ -~"$tab"]) [ "$blanks" != " $tab" ] || blanks=$(printf ' \t\r') ;; esac
  trimmed=${1#"${1%%[!"$blanks"]*}"}
  trimmed=${trimmed%"${trimmed##*[!"$blanks"]}"}
}

read_ini() { # FILE: changes _items, one a line, as its assignments to the key say
  if [ ! -e "$1" ]; then
    provably_absent "$1" || note_unread "$1"
    return 0
  fi
  [ ! -c "$1" ] || return 0
  if [ ! -f "$1" ] || [ ! -r "$1" ]; then
    note_unread "$1"
    return 0
  fi
  _inside='' _file=$1
  while IFS= read -r _line || [ -n "$_line" ]; do
    trim "$_line"
    case $trimmed in
      '' | '#'* | ';'*) ;;
      '['*']')
        _inside=${trimmed#?}
        _inside=${_inside%?}
        [ "$_inside" = "$_section" ] || _inside=''
        ;;
      *=*)
        [ -n "$_inside" ] || continue
        _line=$trimmed
        trim "${_line%%=*}"
        assign "$trimmed" "${_line#*=}" "$_file"
        ;;
    esac
  done <"$1"
}

assign() { # KEY VALUE FILE: NetworkManager also appends with += and removes with -=
  case $1 in
    "$_key") _items=$newline _from=$3 ;;
    "$_key+") join "$_from" "$3" && _from=$joined ;;
    "$_key-")
      join "$_from" "$3" && _from=$joined
      each_item remove_item "$2"
      return 0
      ;;
    *) return 0 ;;
  esac
  each_item add_item "$2"
}

each_item() { # FUNCTION LIST
  _left=$2
  while [ -n "$_left" ]; do
    trim "${_left%%["$_separators"]*}"
    [ -z "$trimmed" ] || "$1" "$trimmed"
    case $_left in *["$_separators"]*) _left=${_left#*["$_separators"]} ;; *) _left='' ;; esac
  done
}

add_item() { # ITEM
  remove_item "$1"
  _items=${_items:-$newline}$1$newline
}

remove_item() { # ITEM
  case $_items in
    *"$newline$1$newline"*)
      _items=${_items%%"$newline$1$newline"*}$newline${_items#*"$newline$1$newline"}
      ;;
  esac
}

judge_items() { # ITEM...
  _lacking=''
  for _item in "$@"; do
    case $_items in
      *"$newline$_item$newline"*) ;;
      *) _lacking="$_lacking${_lacking:+, }$_item" ;;
    esac
  done
  if [ -n "$_unread" ]; then
    answer unknown "$_unread cannot be read" "$looked"
  elif [ -z "$_from" ]; then
    answer fail "$_key is not set in [$_section]" "$looked"
  elif [ -n "$_lacking" ]; then
    answer fail "$_key lacks $_lacking" "$_from"
  else
    answer pass "$_key has every item" "$_from"
  fi
}
