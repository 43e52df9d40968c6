# --- capabilities of the kernel ------------------------------------------------------------------

# A capability of the kernel: any one proof is enough, and absence needs more than a missing name.
kernel_capability() { # NAME HINT RULE [path P | row FILE ROW | module N | option SYMBOL VALUES SINCE BEFORE UNLESS]...
  _name=$1 _hint=${2:+; $2} _rule_asked=$3
  shift 3
  if [ -n "$deep" ] && [ -n "$_rule_asked" ]; then
    try_rule "$_rule_asked"
    if [ "$trial" = accepted ]; then
      answer pass "$_name: a rule with it was accepted in a network namespace of its own" "$trial_remark"
    else
      climb "$@"
      weigh_trial
    fi
  else
    climb "$@"
  fi
}

climb() { # The ladder of evidence; see kernel_capability.
  _best=none _detail='' _modules='' _options='' _off='' _built='' looked=''
  for _step in live_sign kernel_object configured builtin_alias; do
    "$_step" "$@"
    case $_best in live | builtin | disk) break ;; esac
  done
  case $_best in
    live | builtin | disk) answer pass "$_name: $_detail" "$looked" ;;
    cautioned)
      answer pass "$_name: $_detail" "$looked"
      # What the image of a container blacklists, its host need not.
      [ -n "$container" ] || caution=$_caution
      ;;
    blocked) on_disk_fact "$_name: $_detail" ;;
    *) no_proof ;;
  esac
}

weigh_trial() { # What a rule that was not accepted adds to the answer of the ladder.
  case $trial:$outcome in
    missing:unknown) outcome=fail found="$found; $trial_remark" ;;
    missing:pass) caution="${caution:-$found}, and yet $trial_remark" ;;
    *) join "$found" "$trial_remark" && found=$joined ;;
  esac
}

on_disk_fact() { # FOUND: in a container, files that speak against it are not the host's
  if [ -n "$container" ]; then
    answer unknown "only the container was seen, not its host ($1)" "$looked"
  else
    answer fail "$1" "$looked"
  fi
}

no_proof() { # Decides between fail and unknown by what could be read.
  read_config
  if [ -n "$_modules" ] && [ -n "$_built" ]; then
    if [ -n "$tree" ] && [ -f "$tree/modules.alias" ] && [ -r "$tree/modules.alias" ]; then
      on_disk_fact "$_name: $_built, but its file is not in $tree$_hint"
    elif [ -n "$tree" ]; then
      answer unknown "$_name: $_built, but $tree/modules.alias, which names its file, cannot be read" "$looked"
    else
      answer unknown "$_name: $_built, but there is no module tree to look for its file$pending" "$looked"
    fi
  elif [ -z "$config" ] || [ -z "$_off" ]; then
    answer unknown "$_name: not in what could be read, which does not prove absence${blind:+; $blind}$pending" "$looked"
  elif [ -z "$_modules" ] || [ -n "$tree" ] || no_module_support; then
    answer fail "$_name: off ($_off)$_hint" "$looked"
  else
    answer unknown "$_name: off ($_off), but there is no module tree to look for a file$pending" "$looked"
  fi
}

no_module_support() {
  case $symbols in
    *"${newline}MODULES=y$newline"*) return 1 ;;
    *"${newline}MODULES=n$newline"*) return 0 ;;
  esac
  [ -n "$running" ] && [ -e "$root/proc/sys/kernel/osrelease" ] && [ ! -e "$root/proc/modules" ]
}

blind_to() { # REASON: why something that could have decided was not read
  join "$blind" "$1"
  blind=$joined
}

add_source() { # FILE: names it among the places looked at
  join "$looked" "$1"
  looked=$joined
}

live_sign() { # Signs of the running kernel; their absence proves nothing.
  [ -n "$running" ] || return 0
  while [ $# -gt 0 ]; do
    case $1 in
      path)
        add_source "$root$2"
        [ ! -e "$root$2" ] || found_live "$root$2 exists"
        shift 2
        ;;
      row)
        read_rows
        add_source "$root/proc/$2"
        ! has_row "$2" "$3" || found_live "'$3' in $root/proc/$2"
        shift 3
        ;;
      module)
        in_sysfs "$2" && found_live "$root/sys/module/$2 exists"
        shift 2
        ;;
      *) shift 6 ;;
    esac
  done
}

found_live() { # DETAIL
  [ "$_best" = live ] || { _best=live _detail=$1; }
}

in_sysfs() { # MODULE: loaded, or built in with parameters
  case $1 in '' | *[!A-Za-z0-9_]*) return 1 ;; esac
  [ -d "$root/sys/module/$1" ] || return 1
  ! first_line "$root/sys/module/$1/initstate" || [ "$line" = live ]
}

read_rows() { # Reads the wanted lists below /proc once.
  [ -z "$rows" ] || return 0
  rows=$newline _lists=$wanted_lists
  while [ -n "$_lists" ]; do
    add_rows "${_lists%%"$newline"*}"
    case $_lists in *"$newline"*) _lists=${_lists#*"$newline"} ;; *) _lists='' ;; esac
  done
}

add_rows() { # LIST: takes each line and its first word for a row
  [ -f "$root/proc/$1" ] || return 0
  if [ ! -r "$root/proc/$1" ]; then
    blind_to "/proc/$1 needs root"
    return 0
  fi
  row_prefix "$1"
  while read -r _first _others || [ -n "$_first" ]; do
    add_row "$1" "$_first"
    [ -z "$_others" ] || add_row "$1" "$_first $_others"
  done <"$root/proc/$1"
}

add_row() { # LIST ROW: into a variable of its own, or into rows where its name could be none
  case $2 in
    *[!A-Za-z0-9_]*) rows=$rows$1=$2$newline ;;
    *) eval "$prefix$2=yes" ;;
  esac
}

has_row() { # LIST ROW
  case $2 in
    *[!A-Za-z0-9_]*)
      case $rows in *"$newline$1=$2$newline"*) return 0 ;; *) return 1 ;; esac
      ;;
  esac
  row_prefix "$1"
  eval "[ -n \"\${$prefix$2-}\" ]"
}

row_prefix() { # LIST: sets prefix to how the names of its variables begin
  prefix=reqc_row _left=$1_
  while :; do
    case $_left in
      *[!A-Za-z0-9]*) prefix=${prefix}_${_left%%[!A-Za-z0-9]*} _left=${_left#*[!A-Za-z0-9]} ;;
      *) break ;;
    esac
  done
  prefix=${prefix}__
}

kernel_object() { # Modules: loaded, built in, or on disk and not blocked.
  while [ $# -gt 0 ]; do
    case $1 in
      path) shift 2 ;;
      row) shift 3 ;;
      option) shift 6 ;;
      *)
        _modules=yes
        read_modules
        judge_name "$2"
        shift 2
        ;;
    esac
  done
  [ -z "$_modules" ] || add_source "$module_sources"
}

judge_name() { # NAME, of a module or an alias
  judge_module "$1" "$1"
  _carriers=$evidence
  while :; do
    case $newline$_carriers in *"${newline}alias "*) ;; *) return 0 ;; esac
    _carriers=$newline$_carriers
    _carriers=${_carriers#*"${newline}alias "}
    judge_module "$1" "${_carriers%%"$newline"*}"
  done
}

judge_module() { # ASKED MODULE: improves _best and _detail
  recorded "$2"
  case $_best:$evidence in live:* | builtin:* | disk:* | *:) return 0 ;; esac
  _by=''
  [ "$1" = "$2" ] || _by=" as $2"
  case $newline$evidence in
    *"${newline}loaded$newline"*) _best=live _detail="loaded$_by" ;;
    *"${newline}builtin"*) _best=builtin _detail="built in$_by" ;;
    *"${newline}disk "*)
      _file=${evidence#*disk }
      _file=${_file%%"$newline"*}
      case $_file in /*) [ -e "$root$_file" ] ;; *) [ -e "$tree/$_file" ] ;; esac || return 0
      loadable "$1" "$2" "on disk$_by, not loaded ($_file)"
      ;;
  esac
}

builtin_alias() { # Modules again, now that aliases of what is built in are known as well.
  [ -n "$_modules" ] && [ -z "$modinfo" ] || return 0
  read_modinfo
  kernel_object "$@"
}

loadable() { # ASKED MODULE DETAIL: a file on disk helps only where nothing blocks it
  read_blocks
  [ -z "$blocks_unread" ] || return 0
  case $blocks in
    *"${newline}all "*) blocked_by all "$3" ;;
    *"${newline}refused $2 "*) blocked_by "refused $2" "$3" ;;
    *"${newline}install $2 "*) blocked_by "install $2" "$3" ;;
    *"${newline}blacklist $2 "*)
      if [ "$1" != "$2" ]; then
        blocked_by "blacklist $2" "$3"
      else
        _best=cautioned _detail=$3
        block_place "blacklist $2"
        _caution="$2 is on disk but blacklisted ($place_of_block): only an explicit load works"
      fi
      ;;
    *) _best=disk _detail=$3 ;;
  esac
}

blocked_by() { # WORDS DETAIL
  [ "$_best" = none ] || return 0
  block_place "$1"
  _best=blocked _detail="$2, but blocked ($place_of_block)"
}

block_place() { # WORDS: sets place_of_block
  place_of_block=${blocks#*"$newline$1 "}
  place_of_block=${place_of_block%%"$newline"*}
}

configured() { # Options of the kernel's configuration.
  while [ $# -gt 0 ]; do
    case $1 in
      path | module) shift 2 ;;
      row) shift 3 ;;
      *)
        _options=yes
        read_config
        weigh_option "$2" "$3" "$4" "$5" "$6"
        shift 6
        ;;
    esac
  done
  [ -z "$_options" ] || add_source "${config:-$config_places}"
}

weigh_option() { # SYMBOL VALUES SINCE BEFORE UNLESS
  [ -n "$config" ] || return 0
  if [ -n "$3" ]; then
    order_versions "$release" "$3" && [ "$order" -ge 0 ] || return 0
  fi
  if [ -n "$4" ]; then
    order_versions "$release" "$4" && [ "$order" -lt 0 ] || return 0
  fi
  [ -z "$5" ] || case $symbols in *"$newline$5="*) return 0 ;; esac
  _setting=''
  case $symbols in
    *"$newline$1="*)
      _setting=${symbols#*"$newline$1="}
      _setting=${_setting%%"$newline"*}
      ;;
  esac
  case $_setting:$2 in
    y:*y*) _best=builtin _detail="CONFIG_$1=y" ;;
    m:*m*) as_module "$1" ;;
    :*) join "$_off" "CONFIG_$1 is unknown to this kernel" && _off=$joined ;;
    n:*) join "$_off" "CONFIG_$1 is not set" && _off=$joined ;;
    *) join "$_off" "CONFIG_$1=$_setting" && _off=$joined ;;
  esac
}

as_module() { # SYMBOL: a module that was built is not yet a module on disk
  if [ -z "$_modules" ]; then
    _best=builtin _detail="CONFIG_$1=m"
  else
    _built="CONFIG_$1=m"
  fi
}
