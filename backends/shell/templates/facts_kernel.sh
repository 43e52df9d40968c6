# --- facts of the kernel -------------------------------------------------------------------------

kernel_facts() {
  put 'key kernel' '{'
  put 'key release' "text $release"
  truth running [ -n "$running" ]
  first_line "$root/proc/version" || line=''
  put 'key banner' "text $line"
  first_line "$root/proc/version_signature" || line=''
  put 'key signature' "text $line" 'key modules' '{'
  module_facts
  put '}' 'key blocks' '['
  block_lines=yes
  list_modprobe_files
  read_blocks
  put "$blocks" ']' 'key configuration'
  configuration_fact
  put 'key lists' '{'
  [ -z "$running" ] || asked_lists
  put '}' 'key paths' '['
  [ -z "$running" ] || asked_signs
  put ']' 'key unread' '['
  while [ -n "$blind" ]; do
    _reason=${blind%%'; '*}
    put_text text "${_reason#"$root"}"
    case $blind in *'; '*) blind=${blind#*'; '} ;; *) blind='' ;; esac
  done
  put ']' '}'
}

module_facts() {
  find_tree
  if [ -n "$tree" ] && [ ! -r "$tree/modules.dep" ] && ! have find; then
    blind_to "$tree/modules.dep cannot be read and find is missing"
    tree=''
  fi
  put 'key supported'
  if [ -e "$root/proc/modules" ]; then
    put 'is true'
  elif [ -e "$root/proc/sys/kernel/osrelease" ]; then
    put 'is false'
  else
    put 'is null'
  fi
  told tree "${tree#"$root"}"
  list_from "${running:+$root/proc}" modules loaded
  put 'key sysfs' '['
  [ -z "$running" ] || for _folder in "$root"/sys/module/*; do
    ! in_sysfs "${_folder##*/}" || put "text ${_folder##*/}"
  done
  put ']'
  list_from "$tree" modules.builtin builtin
  if [ -z "$tree" ] || opens "$tree/modules.alias"; then
    list_from "$tree" modules.alias aliases
  else
    put 'key aliases' 'is null'
  fi
  put 'key builtin_aliases' '['
  ! opens "$tree/modules.builtin.modinfo" ||
    tr '\000' '\n' <"$tree/modules.builtin.modinfo" | grep '^[^ =]*\.alias='
  put ']'
  disk_modules
  put 'key other_kernels' '['
  for _folder in /lib/modules /usr/lib/modules; do
    locate "$_folder"
    for _other in "$at"/*/modules.dep; do
      _other=${_other%/*}
      [ ! -e "$_other/modules.dep" ] || [ "${_other##*/}" = "$release" ] || put_text text "${_other##*/}"
    done
  done
  put ']'
}

list_from() { # FOLDER FILE NAME: nothing where the file cannot be read
  put "key $3" '['
  [ -z "$1" ] || ! opens "$1/$2" || put_text "$3" "$1/$2"
  put ']'
}

disk_modules() {
  put 'key disk' '['
  if [ -n "$tree" ]; then
    put_text paths "$tree"
    (cd "$tree" && find . -name '*.ko*' -type f 2>/dev/null) | grep '^\./'
    if opens "$tree/modules.dep"; then put_text disk "$tree/modules.dep"; else put modules; fi
  fi
  put ']'
}

configuration_fact() {
  config=''
  if ! each_config try_config; then
    put 'is null'
    return 0
  fi
  put '{'
  told file "${config#"$root"}"
  put 'key symbols' '{'
  unpacked "$config" 2>/dev/null | grep -E '^(# CONFIG_[A-Za-z0-9_]+ is not set$|CONFIG_[A-Za-z0-9_]+=)'
  put '}' '}'
}

list_fact() { # NAME below /proc
  [ -f "$root/proc/$1" ] || return 0
  table "$1" rows "$root/proc/$1" '[' ']'
  opens "$root/proc/$1" || blind_to "/proc/$1 needs root"
}

sign_fact() { # PATH
  [ ! -e "$root$1" ] || put_text text "$1"
}

setting_facts() {
  _settings=$root/proc/sys
  [ -d "$_settings" ] && [ -r "$_settings" ] && have find && have grep || _settings=''
  put 'key settings' '{'
  truth visible [ -d "${_settings:-/dev/null}/kernel" ]
  put 'key values' '{'
  [ -z "$_settings" ] || list_settings
  put '}' 'key persistent' '['
  list_sysctl_files
  each_line persistent_facts "$sysctl_files"
  put ']' '}'
}

# To look into fs/binfmt_misc would mount it, and keys of the network are secrets.
list_settings() {
  put_text paths "$_settings"
  put ./fs/binfmt_misc
  (
    cd "$_settings" || exit
    find . -path ./fs/binfmt_misc -prune -o -type f -print 2>/dev/null
    # Of a folder that nobody can look into, no more is known than of a file that cannot be read.
    # shellcheck disable=SC2016  # another shell expands its own arguments
    find . -path ./fs/binfmt_misc -prune -o -type d -exec sh -c \
      'for folder do [ -r "$folder" ] && [ -x "$folder" ] || printf "%s\n" "$folder"; done' sh {} + 2>/dev/null
    find . -path ./fs/binfmt_misc -prune -o -type f ! -name stable_secret ! -name tcp_fastopen_key \
      -exec grep '' /dev/null {} + 2>/dev/null
  ) | grep '^\./'
  put settings
}

persistent_facts() { # FILE
  ! opens "$1" || put_text persistent "$1"
}
