# --- modules: each big file is read at most once, and only while something is undecided -----------

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

# shellcheck disable=SC2016  # awk's fields
modules_program='
function plain(name) { gsub(/-/, "_", name); return name }
function module(path) {
  sub(/.*\//, "", path)
  sub(/\.(gz|xz|zst|bz2)$/, "", path)
  sub(/\.ko$/, "", path)
  return plain(path)
}
BEGIN {
  count = split(ENVIRON["wanted"], names, "\n")
  for (i = 1; i <= count; i++) if (names[i] != "") want[names[i]] = 1
}
kind == "modinfo" && /^[^=]*\.alias=/ {
  name = $0; sub(/\.alias=.*/, "", name); name = plain(name)
  other = $0; sub(/^[^=]*\.alias=/, "", other); other = plain(other)
  if (other in want) { print "alias " other " " name; print "builtin " name }
  next
}
kind == "alias" && $1 == "alias" && (plain($2) in want) {
  print "alias " plain($2) " " plain($3); want[plain($3)] = 1; next
}
kind == "loaded" && (plain($1) in want) && ($5 == "Live" || NF < 5) { print "loaded " plain($1); next }
kind == "builtin" && (module($0) in want) { print "builtin " module($0); next }
kind == "disk" {
  path = $0; sub(/:.*/, "", path)
  if (module(path) in want) print "disk " module(path) " " path
}'

read_modules() { # sets modules to lines: loaded N, builtin N, disk N FILE, alias N MODULE
  [ -z "$modules" ] || return 0
  modules=$newline
  find_tree
  module_sources=${tree:-/lib/modules/${release:-?}}
  [ ! -r "$root/proc/modules" ] || module_sources="$root/proc/modules; $module_sources"
  if ! have awk; then
    blind_to 'awk is missing'
    tree=''
    return 0
  fi
  if [ -n "$tree" ] && [ ! -r "$tree/modules.dep" ] && ! have find; then
    blind_to "$tree/modules.dep cannot be read and find is missing"
    tree=''
  fi
  set --
  list_file alias "$tree" modules.alias && set -- "$@" "$kind" "$file"
  [ -n "$running" ] && list_file loaded "$root/proc" modules && set -- "$@" "$kind" "$file"
  list_file builtin "$tree" modules.builtin && set -- "$@" "$kind" "$file"
  list_file disk "$tree" modules.dep && set -- "$@" "$kind" "$file"
  modules=$newline$(
    {
      ! list_file modinfo "$tree" modules.builtin.modinfo || tr '\000' '\n' <"$file"
    } | wanted=$wanted_modules awk "$modules_program" kind=modinfo - "$@"
    [ -z "$tree" ] || list_file disk "$tree" modules.dep || files_without_list
  )$newline
}

list_file() { # KIND FOLDER NAME: sets kind and file for awk; fails where it cannot be read
  kind="kind=$1" file=$2/$3
  [ -n "$2" ] && [ -f "$file" ] && [ -r "$file" ]
}

files_without_list() { # Nobody ran depmod, so the files themselves are the list.
  (cd "$tree" && find . -name '*.ko*' 2>/dev/null) |
    wanted=$wanted_modules awk "$modules_program" kind=disk -
}
