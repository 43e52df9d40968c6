# --- os-release(5) -------------------------------------------------------------------------------

os_release_lines='' os_release_file=''

read_os_release() { # sets os_release_lines to the file and os_release_file to where it is; 2 where none can be read
  [ -z "$os_release_file" ] || return 0
  locate /etc/os-release
  [ -r "$at" ] || locate /usr/lib/os-release
  [ -f "$at" ] && [ -r "$at" ] || return 2
  os_release_file=$at
  while IFS= read -r _line || [ -n "$_line" ]; do
    os_release_lines=$os_release_lines$_line$newline
  done <"$at"
}

release_value() { # KEY: sets value; 1 where the key is absent, 2 where no file can be read
  value='' _status=1
  read_os_release || return 2
  at=$os_release_file _lines=$newline$os_release_lines
  while :; do
    case $_lines in *"$newline$1="*) ;; *) return "$_status" ;; esac
    _lines=$newline${_lines#*"$newline$1="}
    _line=${_lines#"$newline"}
    unquote "${_line%%"$newline"*}"
    _status=0
  done
}

unquote() { # TEXT: sets value to TEXT without the quotes and backslashes of the shell
  value=${1%"${1##*[! ]}"}
  case $value in
    \"*\")
      _rest=${value#?} value=''
      _rest=${_rest%?}
      while :; do
        case $_rest in
          *\\*)
            value=$value${_rest%%\\*} _rest=${_rest#*\\}
            value=$value${_rest%"${_rest#?}"} _rest=${_rest#?}
            ;;
          *) break ;;
        esac
      done
      value=$value$_rest
      ;;
    \'*\')
      value=${value#?}
      value=${value%?}
      ;;
  esac
}

operating_system() { # ID [RELATION VERSION]
  release_value ID
  case $? in
    1) value=linux ;;
    2)
      answer unknown 'there is no os-release file that can be read' "$at"
      return 0
      ;;
  esac
  _id=$value
  release_value VERSION_ID
  _found="$_id${value:+ $value}"
  if [ "$_id" != "$1" ]; then
    answer fail "$_found" "$at"
  elif [ $# -lt 3 ]; then
    answer pass "$_found" "$at"
  elif ! parts "$value" || ! parts "$3"; then
    answer unknown "$_found, and its version cannot be compared" "$at"
  else
    case $2 in
      '=' | '!=') if begins_with "$value" "$3"; then order=0; else order=1; fi ;;
      *) order_versions "$value" "$3" ;;
    esac
    conclude "$2" "$_found" "$at"
  fi
}

os_release() { # KEY RELATION VERSION
  release_value "$1"
  case $? in
    0) compare_versions "$value" "$2" "$3" "$at" ;;
    1) answer unknown "$1 is not set" "$at" ;;
    *) answer unknown 'there is no os-release file that can be read' "$at" ;;
  esac
}
