# --- lists in INI files and their drop-ins -------------------------------------------------------

ini_list() { # MAIN SECTION KEY SEPARATORS FOLDER... -- ITEM...
  _main=$1 _section=$2 _key=$3 _separators=$4
  _items='' _from='' _unread='' looked=$root$_main
  shift 4
  locate "$_main"
  read_ini "$at"
  _names=$(drop_in_names "$@")
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

drop_in_names() { # FOLDER... --: prints the names of the drop-ins of all folders, sorted, each once
  until [ "$1" = -- ]; do
    locate "$1"
    for _file in "$at"/*.conf; do
      [ ! -e "$_file" ] && [ ! -L "$_file" ] || printf '%s\n' "${_file##*/}"
    done
    shift
  done | sort -u 2>/dev/null
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
  trimmed=${1#"${1%%[!"$blanks"]*}"}
  trimmed=${trimmed%"${trimmed##*[!"$blanks"]}"}
}

read_ini() { # FILE: changes _items, one a line, as its assignments to the key say
  [ -e "$1" ] && [ ! -c "$1" ] || return 0
  if [ ! -f "$1" ] || [ ! -r "$1" ]; then
    join "$_unread" "$1"
    _unread=$joined
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
  have sort || join "$_unread" 'sort is missing, so drop-ins'
  have sort || _unread=$joined
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
