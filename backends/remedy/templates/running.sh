# --- what takes effect at once -------------------------------------------------------------------

runs_systemd() {
  [ -z "$offline" ] && [ -d /run/systemd/system ] && have systemctl
}

changes_now() {
  [ -z "$offline$no_now" ]
}

take_in() { # NAME: has it read again, where something is there that reads it
  in_list "$1" "$needs" || return 0
  asked_by=''
  case $1 in
    boot-loader)
      if [ -n "$offline" ]; then
        leave 'run update-grub' 'that takes a node that runs'
      elif will 'run update-grub, for the next boot'; then
        carry_out "$1" update-grub
      fi
      ;;
    units) changes_now && take_in_by "$1" 'reload the units of systemd' systemctl daemon-reload ;;
    NetworkManager) changes_now && take_in_by "$1" 'reload NetworkManager' systemctl reload NetworkManager.service ;;
  esac
  return 0
}

take_in_by() { # NAME WHAT COMMAND...
  if ! runs_systemd || { [ "$1" != units ] && ! systemctl is-active --quiet "$1.service"; }; then
    [ "$mode" != apply ] || met "$1"
  elif will "$2"; then
    _need=$1
    shift 2
    carry_out "$_need" "$@"
  fi
}

carry_out() { # NAME COMMAND...
  _need=$1
  shift
  if try "$@" && met "$_need"; then did; else cannot "$doing" "$problem"; fi
}

want_module() { # MODULE: the kernel spells it with underscores
  listing "load the module $1" && return 0
  changes_now || return 0
  if [ -d "/sys/module/$1" ] || built_in "$1"; then
    as_it_should_be "load the module $1"
  elif [ -n "$container" ]; then
    leave "load the module $1" 'modules are those of the host of this container'
  elif [ ! -e /proc/modules ]; then
    leave "load the module $1" 'this kernel loads no modules'
  elif ! have modprobe; then
    cannot "load the module $1" 'modprobe is missing'
  elif will "load the module $1"; then
    if append loaded "$1" && try modprobe "$1"; then did; else cannot "$doing" "$problem"; fi
  fi
}

built_in() { # MODULE
  first_line /proc/sys/kernel/osrelease || return 1
  _expression=$(printf '%s' "$1" | sed 's/_/[-_]/g')
  grep -q -e "/$_expression\\.ko" "/lib/modules/$line/modules.builtin" 2>/dev/null
}

want_setting() { # PATH VALUE: of a file below /proc/sys
  listing "set ${1#/proc/sys/} to $2" && return 0
  changes_now || return 0
  what="set ${1#/proc/sys/} to $2"
  if [ ! -f "$1" ]; then
    cannot "$what" 'the kernel has no such setting; a module may bring it'
    return 0
  fi
  read_setting "$1" || {
    cannot "$what" 'it cannot be read'
    return 0
  }
  words "$2"
  if [ "$value" = "$collapsed" ]; then
    as_it_should_be "$what"
  elif will "$what, instead of $value"; then
    if append setting "$1" "$value" "$collapsed" && write_setting "$1" "$2"; then did; else cannot "$doing" "$problem"; fi
  fi
}

read_setting() { # FILE: sets value to its words
  first_line_at_once "$1" || return 1
  words "$line"
  value=$collapsed
}

write_setting() { # FILE VALUE
  problem=$({ printf '%s\n' "$2" >"$1"; } 2>&1) && return 0
  problem=${problem:-"$1 takes no such value"}
  return 1
}

want_active() { # UNIT: it runs now; one that does something and ends is left to the boot
  listing "start $1" && return 0
  changes_now && runs_systemd || return 0
  case $1 in *@.*) return 0 ;; esac
  if systemctl is-active --quiet "$1"; then
    as_it_should_be "start $1"
  elif ! is_startable "$1"; then
    return 0
  elif will "start $1"; then
    if append inactive "$1" && try systemctl start "$1"; then did; else cannot "$doing" "$problem"; fi
  fi
}

is_startable() { # UNIT: a dry run sees no unit that is still to come, and one that is still masked
  case $(systemctl show --property LoadState --property Type --property RemainAfterExit "$1" 2>/dev/null) in
    *Type=oneshot*RemainAfterExit=no* | *RemainAfterExit=no*Type=oneshot*) return 1 ;;
    *LoadState=loaded*) return 0 ;;
  esac
  [ "$mode" != apply ] || return 1
  own_unit "$1"
  [ -z "$content" ] || return 0
  find_unit "$1" || return 1
  case $mask:$unit_file in "$unit_place"/*:/*) return 0 ;; *) return 1 ;; esac
}

want_inactive() { # UNIT: it does not run now
  listing "stop $1" && return 0
  changes_now && runs_systemd || return 0
  if ! systemctl is-active --quiet "$1"; then
    as_it_should_be "stop $1"
  elif will "stop $1"; then
    if append active "$1" && try systemctl stop "$1"; then did; else cannot "$doing" "$problem"; fi
  fi
}
