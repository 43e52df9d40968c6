# --- what is where -------------------------------------------------------------------------------

place() { # PATH: sets at to where it is below the root; folders that are links are followed
  locate "${1%/*}"
  at=$at/${1##*/}
}

identify() { # FILE: sets identity to what is there: absent, link TARGET, file SUM SIZE, or other
  identity=other
  if [ -L "$1" ]; then
    link_target "$1" || return 0
    case $target in *"$newline"* | *"$tab"*) return 0 ;; esac
    identity="link $target"
  elif [ -f "$1" ]; then
    take_sum <"$1" && identity="file $summed"
  elif [ ! -e "$1" ]; then
    identity=absent
  fi
}

take_sum() { # sets summed to the checksum and the size of what it reads
  summed=$(cksum 2>/dev/null) || return 1
  summed=${summed%"${summed##*[0-9]}"}
}

look() { # FILE: sets letters to its type and permissions, uid and gid to its owners
  _listed=$(ls -ldn "$1" 2>/dev/null) || return 1
  set -f
  # shellcheck disable=SC2086  # the columns of ls are to be split
  set -- $_listed
  set +f
  letters=${1%[.+@]} uid=$3 gid=$4
}

number_of() { # NAME passwd|group: sets account to the number of a user or a group of the node
  account=''
  case $1 in
    root | 0) account=0 && return 0 ;;
    *[!0-9]*) ;;
    *)
      account=$1
      while case $account in 0?*) ;; *) return 0 ;; esac do account=${account#0}; done
      ;;
  esac
  locate "/etc/$2"
  if [ -f "$at" ] && [ -r "$at" ]; then
    while IFS=: read -r _name _ _number _ || [ -n "$_name" ]; do
      [ "$_name" != "$1" ] || account=$_number
    done <"$at"
  fi
  # Directory services know users that no file lists.
  if [ -z "$account$offline" ] && have getent; then
    account=$(getent "$2" "$1" 2>/dev/null)
    account=${account#*:*:}
    account=${account%%:*}
  fi
  case $account in '' | *[!0-9]*) return 1 ;; esac
}

try() { # COMMAND...: sets problem to what a command that fails says
  problem=$("$@" 2>&1) && return 0
  problem=${problem:-"$1 failed"}
  problem=${problem%%"$newline"*}
  return 1
}
