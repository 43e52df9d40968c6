# --- systemd units, from their files and control groups ------------------------------------------

unit_folders='/etc/systemd/system.control /run/systemd/system.control /run/systemd/transient
/run/systemd/generator.early /etc/systemd/system /etc/systemd/system.attached /run/systemd/system
/run/systemd/system.attached /run/systemd/generator /usr/local/lib/systemd/system
/usr/lib/systemd/system /lib/systemd/system /run/systemd/generator.late'
unit_runs=/run/systemd/units/invocation

unit() { # UNIT CONDITION
  looked="systemd's folders below ${root:-/}"
  case $2 in
    running | stopped)
      find_unit "$1" || : # its own name then
      unit_processes "$unit_name"
      answer_state "$2" running stopped
      return 0
      ;;
  esac
  if ! find_unit "$1"; then
    answer unknown "$unseen" "$looked"
    return 0
  fi
  case $2 in
    present | absent)
      _state=absent _evidence='no unit file'
      [ -z "$unit_file" ] || _state=present _evidence=$unit_file
      answer_state "$2" present absent
      ;;
    masked)
      _state=unmasked _evidence=${unit_file:-no unit file}
      [ -z "$mask" ] || _state=masked _evidence=$mask
      answer_state "$2" masked unmasked
      ;;
    *)
      unit_wanted "$1" "$unit_name"
      answer_state "$2" enabled disabled
      ;;
  esac
}

answer_state() { # WANTED ONE OTHER: answers what _state and _evidence say
  case $_state in
    "$1") answer pass "$_state ($_evidence)" "$looked" ;;
    "$2" | "$3") answer fail "$_state ($_evidence)" "$looked" ;;
    *) answer unknown "$_evidence" "$looked" ;;
  esac
}

find_unit() { # UNIT: sets unit_name to what it is an alias of, unit_file and mask; fails where the folders cannot be seen
  unit_name=$1 unit_file='' mask=''
  case $1 in */*) return 0 ;; esac
  if [ ! -d "$root/etc" ] && [ ! -d "$root/usr" ]; then
    unseen="there is no system below ${root:-/}"
    return 1
  fi
  search_unit "$1" || return 1
  for _turn in 1 2 3 4 5; do
    _linked=${unit_file##*/} _kept=$unit_file
    case $mask$_linked in '' | /* | "$found_as") return 0 ;; esac
    case $unit_name in
      "$found_as") _meant=$_linked ;;
      *) _meant=${_linked%%@*}@${unit_name#*@} ;;
    esac
    search_unit "$_meant"
    if [ -z "$unit_file$mask" ]; then # a file elsewhere, that is linked under another name
      unit_file=$_kept
      return 0
    fi
    unit_name=$_meant
  done
}

search_unit() { # UNIT: sets unit_file, mask, and found_as to the name of its file, which may be a template's
  unit_file='' mask='' found_as=$1
  search_units "$1" || return 1
  case $unit_file$1 in
    /*) ;;
    *@?*.*)
      found_as=${1%%@*}@.${1##*.}
      search_units "$found_as"
      ;;
  esac
}

search_units() { # NAME: looks for it in all folders; fails where one cannot be searched
  for _folder in $unit_folders; do
    locate "$_folder"
    if [ -d "$at" ] && [ ! -x "$at" ]; then
      unseen="$at cannot be searched; root could tell"
      return 1
    fi
    look_for_unit "$at" "$1"
  done
}

look_for_unit() { # FOLDER NAME: the first that is found decides whether the unit is masked
  if is_mask "$1/$2"; then
    [ -n "$mask$unit_file" ] || mask=$1/$2
  elif [ -n "$unit_file" ]; then
    return 0
  elif [ -L "$1/$2" ]; then
    link_target "$1/$2" || target=$2
    case /$target in
      */"$2") target=${1#"$root"}/$2 ;;
      //*) ;;
      *) target=${1#"$root"}/$target ;;
    esac
    locate "$target"
    [ ! -e "$at" ] || unit_file=$at
  elif [ -e "$1/$2" ]; then
    unit_file=$1/$2
  fi
}

is_mask() { # FILE: a link to /dev/null, or an empty file
  [ ! -c "$1" ] || return 0
  if [ -L "$1" ]; then
    [ ! -e "$1" ] && link_target "$1" || return 1
    case $target in */dev/null) return 0 ;; *) return 1 ;; esac
  fi
  [ -f "$1" ] && [ ! -s "$1" ]
}

unit_wanted() { # UNIT REAL-NAME: sets _state and _evidence
  _state=disabled _evidence="no unit wants it"
  if [ -n "$mask" ]; then
    _evidence="masked by $mask"
  elif [ -z "$unit_file" ]; then
    _evidence='no unit file'
  else
    for _folder in $unit_folders; do
      locate "$_folder"
      for _link in "$at"/*.wants/"$1" "$at"/*.requires/"$1" "$at"/*.upholds/"$1" \
        "$at"/*.wants/"$2" "$at"/*.requires/"$2" "$at"/*.upholds/"$2"; do
        [ -e "$_link" ] || [ -L "$_link" ] || continue
        _state=enabled _evidence=$_link
        return 0
      done
    done
  fi
}

unit_processes() { # UNIT: sets _state and _evidence from its control group, or from the link of one that stays active without processes
  looked=$root/sys/fs/cgroup _state='' _evidence='control groups do not tell whether it runs'
  case $1 in
    */* | *.timer | *.path | *.target | *.device | *.automount | *.socket | *.mount | *.swap) return 0 ;;
  esac
  for _hierarchy in "$looked" "$looked/systemd" "$looked/unified"; do
    [ -d "$_hierarchy/system.slice" ] || continue
    _state=stopped _evidence='it has no processes'
    for _group in "$_hierarchy/system.slice/$1" "$_hierarchy"/system.slice/*.slice/"$1" "$_hierarchy"/*.slice/"$1"; do
      if populated "$_group"; then
        _state=running _evidence=$_group
        return 0
      fi
    done
  done
  if [ -n "$_state" ] && [ -L "$root$unit_runs:$1" ]; then
    _state=running _evidence=$root$unit_runs:$1
  elif [ -z "$_state" ] && first_line "$root/proc/1/comm" && [ "$line" != systemd ]; then
    _state=stopped _evidence="process 1 is $line, not systemd" looked=$root/proc/1/comm
  fi
}

populated() { # FOLDER of a control group; version 1 has no file for it
  [ -d "$1" ] || return 1
  [ -r "$1/cgroup.events" ] || return 0
  while read -r _key _value || [ -n "$_key" ]; do
    [ "$_key $_value" != 'populated 0' ] || return 1
  done <"$1/cgroup.events"
}
