# --- the machine ---------------------------------------------------------------------------------

architecture() { # MACHINE...
  machine_name
  _names=" $* "
  case $machine in
    '') answer unknown 'no file tells the machine' "$_from" ;;
    *)
      case $_names in
        *" $machine "*) answer pass "$machine" "$_from" ;;
        *) answer fail "$machine" "$_from" ;;
      esac
      ;;
  esac
}

machine_name() { # sets machine and _from; older kernels have no file for it, so ask uname or the shell
  _from=$root/proc/sys/kernel/arch
  if first_line "$_from"; then
    machine=$line
  elif [ -z "$root" ]; then
    machine=$(uname -m 2>/dev/null) _from='uname -m'
  else
    locate /bin/sh
    elf_machine "$at"
    _from="$_from, $at"
  fi
}

elf_machine() { # FILE: sets machine from the header of an executable
  machine=''
  [ -f "$1" ] && [ -r "$1" ] || return 0
  # shellcheck disable=SC2046  # two bytes, to be split
  set -- $(od -An -v -tu1 -N20 "$1" 2>/dev/null)
  [ "${1:-} ${2:-} ${3:-} ${4:-}" = '127 69 76 70' ] && [ $# -ge 20 ] || return 0
  case "${5} ${6} ${19} ${20}" in
    '2 1 62 0') machine=x86_64 ;;
    '2 1 183 0') machine=aarch64 ;;
    '2 1 21 0') machine=ppc64le ;;
    '2 2 0 21') machine=ppc64 ;;
    '2 2 0 22') machine=s390x ;;
    '2 1 243 0') machine=riscv64 ;;
    '2 1 2 1') machine=loongarch64 ;;
  esac
}

capability() { # NAME PATTERN: the pattern has the bit's hexadecimal digit and all digits after it
  read_own_status
  # shellcheck disable=SC2254  # the pattern is one
  case $own_bounding_set in
    '' | *[!0-9a-f]*) answer unknown 'the bounding set of this process cannot be read' /proc/self/status ;;
    $2) answer pass "$1 can be given" /proc/self/status ;;
    *) answer fail "$1 is not in the bounding set $own_bounding_set" /proc/self/status ;;
  esac
}

processors() { # RELATION COUNT
  count_processors
  if [ -n "$_count" ]; then
    compare_counts "$_count" "$1" "$2" "$_online" online
  else
    answer unknown 'the processors cannot be counted' "$root/sys/devices/system/cpu/online, $_online"
  fi
}

count_processors() { # sets _count, to nothing where they cannot be counted, and _online to the file
  _online=$root/sys/devices/system/cpu/online _count=''
  if first_line "$_online"; then
    count_ranges "$line"
  else
    _online=$root/proc/cpuinfo
    [ ! -r "$_online" ] || _count=$(grep -c '^processor' "$_online" 2>/dev/null)
    [ "$_count" != 0 ] || _count=''
  fi
}

count_ranges() { # 0-3,5: sets _count
  _count=''
  case ,$1 in , | *[!0-9,-]* | *[,-]0[0-9]*) return 0 ;; esac
  _rest=$1, _sum=0
  while [ -n "$_rest" ]; do
    _range=${_rest%%,*} _rest=${_rest#*,}
    case $_range in
      *-*-* | -* | *- | '') return 0 ;;
      *-*) _sum=$((_sum + ${_range#*-} - ${_range%-*} + 1)) ;;
      *) _sum=$((_sum + 1)) ;;
    esac
  done
  _count=$_sum
}

memory() { # RELATION KIBIBYTES
  read_memory
  if [ -n "$_total" ]; then
    compare_counts "$_total" "$1" "$2" "$_info" KiB
  else
    answer unknown 'MemTotal cannot be read' "$_info"
  fi
}

read_memory() { # sets _total to the KiB of memory, or to nothing, and _info to the file
  _info=$root/proc/meminfo _total=''
  [ -r "$_info" ] || return 0
  while read -r _key _value _; do
    [ "$_key" != MemTotal: ] || _total=$_value
  done <"$_info"
}

disk_space() { # PATH RELATION KIBIBYTES
  read_disk_size "$1"
  if [ -n "$_size" ]; then
    compare_counts "$_size" "$2" "$3" "df ${_path:-/}" KiB
  else
    answer unknown 'df does not tell its size' "df ${_path:-/}"
  fi
}

read_disk_size() { # PATH: sets _size; a path that does not exist yet is on its parent's file system
  locate "$1"
  _path=$at
  until [ -e "$_path" ] || [ -z "$_path" ]; do _path=${_path%/*}; done
  _size=$(limited 10 df -P -k "${_path:-/}" 2>/dev/null) || _size=''
  disk_size "${_size##*"$newline"}"
}

disk_size() { # LINE: sets _size to the first of three numbers in a row; a device name may have spaces
  set -f
  # shellcheck disable=SC2086  # the columns of df are to be split
  set -- $1
  set +f
  _size=''
  while [ $# -ge 4 ]; do
    shift
    case $1$2$3 in
      *[!0-9]*) ;;
      *)
        _size=$1
        return 0
        ;;
    esac
  done
}
