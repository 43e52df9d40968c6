# --- what keeps a module on disk from being loaded -----------------------------------------------

# shellcheck disable=SC2016  # awk's fields
blocks_program='
function plain(name) { gsub(/-/, "_", name); return name }
FNR == 1 { held = "" }
{
  if (held == "") first = FNR
  held = held $0
  if (sub(/\\$/, " ", held)) next
  count = split(held, word, /[ \t\r]+/)
  held = ""
  at = (word[1] == "") ? 2 : 1
  if (word[at] == "blacklist" && count > at) print "blacklist " plain(word[at + 1]) " " FILENAME ":" first
  command = word[at + 2]; sub(/.*\//, "", command)
  if (word[at] == "install" && command ~ /^(true|false|:)$/)
    print "install " plain(word[at + 1]) " " FILENAME ":" first
}'

read_blocks() { # sets blocks to lines: install N PLACE, blacklist N PLACE, refused N PLACE, all PLACE
  [ -z "$blocks" ] || return 0
  blocks=$newline
  if [ -n "$running" ]; then
    if first_line "$root/proc/sys/kernel/modules_disabled" && [ "$line" = 1 ]; then
      blocks="${blocks}all $root/proc/sys/kernel/modules_disabled$newline"
    fi
    read_command_line
  fi
  [ -n "$block_lines" ] || return 0
  if ! have awk; then
    blind_to "awk is missing, so nobody knows what modprobe.d blocks"
    blocks_unread=yes
    return 0
  fi
  IFS=$newline
  set -f
  # shellcheck disable=SC2086  # one file a line
  set -- $modprobe_files
  set +f
  unset IFS
  [ $# -eq 0 ] || blocks=$blocks$(awk "$blocks_program" "$@")$newline
}

read_command_line() {
  first_line "$root/proc/cmdline" || return 0
  set -f
  for _argument in $line; do
    case $_argument in
      modprobe.blacklist=*) _kind=blacklist ;;
      module_blacklist=*) _kind=refused ;;
      *) continue ;;
    esac
    _names=${_argument#*=},
    while [ -n "$_names" ]; do
      underscores "${_names%%,*}"
      blocks="$blocks$_kind $spelled $root/proc/cmdline$newline"
      _names=${_names#*,}
    done
  done
  set +f
}

underscores() { # NAME: sets spelled to the name as the kernel spells it
  spelled=$1
  while :; do
    case $spelled in *-*) spelled=${spelled%%-*}_${spelled#*-} ;; *) return 0 ;; esac
  done
}

list_modprobe_files() { # sets modprobe_files, one a line; an earlier folder hides names of a later one
  modprobe_files='' _known=/
  for _folder in /etc/modprobe.d /run/modprobe.d /usr/local/lib/modprobe.d /usr/lib/modprobe.d /lib/modprobe.d; do
    locate "$_folder"
    for _file in "$at"/*.conf; do
      [ -e "$_file" ] || [ -L "$_file" ] || continue
      case $_known in *"/${_file##*/}/"*) continue ;; esac
      _known=$_known${_file##*/}/
      [ ! -f "$_file" ] || [ ! -r "$_file" ] || modprobe_files=$modprobe_files$_file$newline
    done
  done
}
