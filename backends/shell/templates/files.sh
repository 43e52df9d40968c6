# --- files below the root ------------------------------------------------------------------------

link_target() { # LINK: sets target; ls, because not every node has readlink
  target=$(ls -ld "$1" 2>/dev/null)
  target=${target#*" $1 -> "}
  [ -n "$target" ]
}

locate() { # PATH: sets at to PATH below the root, and follows links as if the root were /
  at=$1
  [ -n "$root" ] || return 0
  at=$root _rest=$1 _links=0
  while [ -n "$_rest" ]; do
    _rest=${_rest#"${_rest%%[!/]*}"}
    _part=${_rest%%/*}
    case $_rest in */*) _rest=${_rest#*/} ;; *) _rest='' ;; esac
    case $_part in
      '' | .) continue ;;
      ..)
        [ "$at" = "$root" ] || at=${at%/*}
        continue
        ;;
    esac
    if [ -L "$at/$_part" ] && [ "$_links" -lt 40 ] && link_target "$at/$_part"; then
      _links=$((_links + 1))
      case $target in /*) at=$root ;; esac
      _rest=$target/$_rest
    else
      at=$at/$_part
    fi
  done
}

provably_absent() { # FILE: succeeds when every folder on the way that exists can be searched
  _up=$1
  while :; do
    _up=${_up%/*}
    if [ -d "${_up:-/}" ]; then
      [ -x "${_up:-/}" ]
      return
    fi
    [ -n "$_up" ] || return 0
    [ ! -e "$_up" ] || return 0
  done
}

seen() { # PATH: locates it and succeeds when it exists; answers where it does not
  locate "$1"
  [ ! -e "$at" ] || return 0
  if provably_absent "$at"; then
    answer fail 'no such file' "$at"
  else
    answer unknown 'a folder on the way cannot be searched; root could tell' "$at"
  fi
  return 1
}

file_exists() { # PATH
  seen "$1" || return 0
  if [ -d "$at" ]; then answer fail 'a directory' "$at"; else answer pass 'present' "$at"; fi
}

has_line() { # FILE LINE: 0 found, 1 not found, more where the file cannot be searched
  case $2 in *"$newline"*) return 1 ;; esac
  grep -F -x -q -e "$2" -- "$1" 2>/dev/null
}

file_contains() { # PATH LINE...
  seen "$1" || return 0
  shift
  if [ -d "$at" ]; then
    answer fail 'a directory' "$at"
    return 0
  fi
  if [ ! -f "$at" ] || [ ! -r "$at" ]; then
    answer unknown 'it cannot be read; root could tell' "$at"
    return 0
  fi
  _missing=''
  for _wanted in "$@"; do
    has_line "$at" "$_wanted"
    case $? in
      0) ;;
      1) _missing="$_missing${_missing:+, }'$_wanted'" ;;
      *)
        answer unknown 'it cannot be searched with grep' "$at"
        return 0
        ;;
    esac
  done
  if [ -z "$_missing" ]; then
    answer pass 'every line is there' "$at"
  else
    answer fail "no line $_missing" "$at"
  fi
}

attributes() { # FILE: sets mode to its octal permission bits, owner to its user number, and size
  _listed=$(ls -ldnL "$1" 2>/dev/null) || return 1
  set -f
  # shellcheck disable=SC2086  # the columns of ls are to be split
  set -- $_listed
  set +f
  owner=$3 size=$5 mode='' _special=0 _rest=${1#?} _bit=4
  case $owner in '' | *[!0-9]*) return 1 ;; esac
  while [ "$_bit" -gt 0 ]; do
    _three=${_rest%"${_rest#???}"} _rest=${_rest#???} _digit=0
    case $_three in r??) _digit=$((_digit + 4)) ;; esac
    case $_three in ?w?) _digit=$((_digit + 2)) ;; esac
    case $_three in ??[xst]) _digit=$((_digit + 1)) ;; esac
    case $_three in ??[sStT]) _special=$((_special + _bit)) ;; esac
    mode=$mode$_digit _bit=$((_bit / 2))
  done
  mode=$_special$mode
}

file_mode() { # PATH MODE
  seen "$1" || return 0
  if ! attributes "$at"; then
    answer unknown 'ls does not show its mode' "$at"
  elif [ "$mode" = "$2" ]; then
    answer pass "mode $mode" "$at"
  else
    answer fail "mode $mode" "$at"
  fi
}

file_owner() { # PATH USER
  seen "$1" || return 0
  if ! attributes "$at"; then
    answer unknown 'ls does not show its owner' "$at"
    return 0
  fi
  case $2 in
    *[!0-9]*) owner_by_name "$at" "$2" ;;
    *)
      order_digits "$owner" "$2"
      conclude '=' "user $owner" "$at"
      ;;
  esac
}

owner_by_name() { # FILE USER: a user that only a directory service knows stays unknown
  _file=$1 _known='' _declared=''
  locate /etc/passwd
  if [ -f "$at" ] && [ -r "$at" ]; then
    while IFS=: read -r _user _ _uid _ || [ -n "$_user" ]; do
      case $_uid in '' | *[!0-9]*) continue ;; esac
      if [ "$_uid" = "$owner" ]; then
        if [ "$_user" = "$2" ]; then
          answer pass "user $2" "$_file, $at"
          return 0
        fi
        _known=$_user
      fi
      [ "$_user" != "$2" ] || _declared=yes
    done <"$at"
  fi
  if [ -n "$_known$_declared" ]; then
    answer fail "user ${_known:-$owner}" "$_file, $at"
  else
    answer unknown "user $owner, and $2 is not in the list of users" "$_file, $at"
  fi
}

sort_in() { # NAME: puts it into sorted, one a line in the order of their bytes, unless it is there
  case $newline$sorted in *"$newline$1$newline"*) return 0 ;; esac
  _before='' _after=$sorted
  while [ -n "$_after" ]; do
    # shellcheck disable=SC3012  # every shell that is supported can compare words
    [ "${_after%%"$newline"*}" \< "$1" ] || break
    _before=$_before${_after%%"$newline"*}$newline _after=${_after#*"$newline"}
  done
  sorted=$_before$1$newline$_after
}
