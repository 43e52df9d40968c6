# --- modules: all big files are searched at once, for all names, and only while something is undecided

modinfo='' blocks_unread=''

find_tree() { # sets tree to the readable module tree of the release, pending to a remark where others exist
  tree='' pending=''
  [ -n "$release" ] || return 0
  for _folder in /lib/modules /usr/lib/modules; do
    locate "$_folder"
    if [ -r "$at/$release/modules.dep" ] || [ -d "$at/$release/kernel" ]; then
      tree=$at/$release
      return 0
    fi
    for _other in "$at"/*/modules.dep; do
      [ ! -e "$_other" ] || pending='; another kernel is installed: reboot pending'
    done
  done
}

record() { # NAME EVIDENCE: a variable for each name, because patterns on long texts are slow
  case $1 in
    *[!A-Za-z0-9_]*) odd_modules=$odd_modules$1=$2$newline ;;
    *) eval "reqc_module_$1=\${reqc_module_$1-}\$2\$newline" ;;
  esac
}

recorded() { # NAME: sets evidence to lines: loaded, builtin, disk FILE, alias MODULE
  case $1 in
    *[!A-Za-z0-9_]*)
      evidence='' _odd=$odd_modules
      while :; do
        case $_odd in *"$newline$1="*) ;; *) return 0 ;; esac
        _odd=${_odd#*"$newline$1="}
        evidence=$evidence${_odd%%"$newline"*}$newline _odd=$newline${_odd#*"$newline"}
      done
      ;;
    *) eval "evidence=\${reqc_module_$1-}" ;;
  esac
}

read_modules() { # records what the lists say about the wanted modules
  [ -z "$modules" ] || return 0
  modules=yes odd_modules=$newline aliased='' block_lines=''
  find_tree
  module_sources=${tree:-/lib/modules/${release:-?}}
  [ ! -r "$root/proc/modules" ] || module_sources="$root/proc/modules; $module_sources"
  if ! have grep; then
    blind_to 'grep is missing'
    tree=''
    return 0
  fi
  if [ -n "$tree" ] && [ ! -r "$tree/modules.dep" ] && ! have find; then
    blind_to "$tree/modules.dep cannot be read and find is missing"
    tree=''
  fi
  list_modprobe_files
  find_plain_config
  search_lists "$wanted_names" "${plain_config:+|CONFIG_($wanted_options)[ =]}" "$plain_config"
  [ -z "$symbols" ] || config=$plain_config
  name_carriers
  [ -z "$carriers" ] || search_lists "$carriers" '' ''
}

search_lists() { # NAMES EXPRESSION CONFIG: takes in what the lists say about the modules of the names
  _expression="(^|[[:space:]/])($1)([[:space:]]|\\.ko[.a-z0-9]*(:|\$)|\$)|\\\\\$$2"
  set -- "$3"
  [ -n "$1" ] || set --
  for _list in modules.alias modules.builtin modules.dep; do
    [ -z "$tree" ] || [ ! -r "$tree/$_list" ] || set -- "$@" "$tree/$_list"
  done
  [ -z "$running" ] || [ ! -r "$root/proc/modules" ] || set -- "$@" "$root/proc/modules"
  IFS=$newline
  set -f
  # shellcheck disable=SC2086  # one file a line
  set -- "$@" $modprobe_files
  set +f
  unset IFS
  [ $# -eq 0 ] || take_lines builtin "$(grep -h -E -e "$_expression" -- "$@" 2>/dev/null)"
  # Where nobody ran depmod, the files themselves are the list.
  [ -z "$tree" ] || [ -r "$tree/modules.dep" ] ||
    take_lines disk "$( (cd "$tree" && find . -name '*.ko*' 2>/dev/null) | grep -E -e "$_expression")"
}

take_lines() { # KIND LINES: of any list, told apart by their forms; a file without dependencies is of the kind
  _kind=$1
  IFS=$newline
  set -f
  # shellcheck disable=SC2086  # one line each
  set -- $2
  set +f
  unset IFS
  for _line in "$@"; do take_line "$_line"; done
}

take_line() { # LINE
  case $1 in
    CONFIG_*=*)
      _symbol=${1%%=*}
      symbols=${symbols:-$newline}${_symbol#CONFIG_}=${1#*=}$newline
      ;;
    '# CONFIG_'*' is not set')
      _symbol=${1#'# CONFIG_'}
      symbols=${symbols:-$newline}${_symbol%' is not set'}=n$newline
      ;;
    */*.ko*)
      _file=${1%%:*}
      _stem=${_file##*/}
      underscores "${_stem%.ko*}"
      case $_kind:$1 in builtin:*:*) record "$spelled" "disk $_file" ;; *) record "$spelled" "$_kind $_file" ;; esac
      ;;
    *) take_words "$1" ;;
  esac
}

take_words() { # LINE of modules.alias, /proc/modules or modprobe.d
  set -f
  # shellcheck disable=SC2086  # words are to be split
  set -- $1
  set +f
  case ${1:-} in
    alias)
      [ $# -eq 3 ] || return 0
      underscores "$2"
      _alias=$spelled
      underscores "$3"
      record "$_alias" "alias $spelled"
      aliased="$aliased $spelled"
      ;;
    install | blacklist | *\\) block_lines=yes ;;
    *)
      [ "${5:-}" = Live ] || return 0
      underscores "$1"
      record "$spelled" loaded
      ;;
  esac
}

name_carriers() { # sets carriers to the modules behind aliases of which nothing is known yet
  carriers=''
  for _stem in $aliased; do
    recorded "$_stem"
    case $_stem:$evidence in *[!A-Za-z0-9_]*:* | *:?*) continue ;; esac
    carriers=$carriers${carriers:+|}
    while :; do
      case $_stem in *_*) carriers="$carriers${_stem%%_*}[-_]" _stem=${_stem#*_} ;; *) break ;; esac
    done
    carriers=$carriers$_stem
  done
}

read_modinfo() { # records modules that are built in, and aliases of them, which no other list has
  [ -z "$modinfo" ] || return 0
  modinfo=yes
  [ -n "$tree" ] && [ -r "$tree/modules.builtin.modinfo" ] && have tr || return 0
  _expression="^[^=]*\\.alias=($wanted_names)\$|^($wanted_names)\\.alias=([A-Za-z0-9_-]+|ip_set_[a-z:,]+)\$"
  _lines=$(tr '\000' '\n' <"$tree/modules.builtin.modinfo" | grep -E -e "$_expression")
  while [ -n "$_lines" ]; do
    _line=${_lines%%"$newline"*}
    case $_lines in *"$newline"*) _lines=${_lines#*"$newline"} ;; *) _lines='' ;; esac
    underscores "${_line%%.alias=*}"
    _stem=$spelled
    underscores "${_line#*.alias=}"
    record "$spelled" "alias $_stem"
    record "$_stem" builtin
  done
}
