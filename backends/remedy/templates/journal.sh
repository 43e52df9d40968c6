# --- the journal: nothing changes before it is written down how to take it back ------------------
#
# Its lines have tabs between their fields:
#   folder PATH                     a folder is about to be made
#   path NUMBER IDENTITY PATH       what was there, kept as saved-NUMBER unless it was absent
#   wrote NUMBER IDENTITY           what is about to be put there instead
#   attributes BEFORE AFTER PATH    a mode and a user, as MODE:USER, are about to be changed
#   need NAME, met NAME             something has to be read again; it was
#   loaded MODULE                   a module is about to be loaded
#   setting KEY BEFORE AFTER        a setting of the running kernel is about to be written
#   active UNIT, inactive UNIT      what a unit was before it is stopped or started
#   package TOOL NAME               a package is about to be installed
#   argument TOOL ARGUMENT          an argument of the kernel is about to be added

find_state() { # sets state_folder and journal
  locate "$state_path"
  state_folder=$at journal=$at/journal
}

append() { # FIELD...: adds a line
  line_of "$@"
  write_down "$journal_line"
}

line_of() { # FIELD...: sets journal_line
  journal_line=$1
  shift
  for _field in "$@"; do journal_line=$journal_line$tab$_field; done
}

write_down() { # LINES
  if { printf '%s\n' "$1" >>"$journal"; } 2>/dev/null; then
    flush "$journal"
  else
    problem="$journal cannot be written"
    return 1
  fi
}

flush() { # FILE: to the disk, because a node that runs may lose power; old tools flush everything
  [ -n "$offline" ] || sync "$1" 2>/dev/null || :
}

open_state() { # makes the folder and the journal where they are missing, and takes the lock
  [ ! -d "$state_folder" ] || is_private || return 1
  missing_folders='' _killed=$lock_text
  if [ ! -d "$state_folder" ]; then
    make_parents "${state_folder%/*/*}" && try mkdir -p -m 0755 "${state_folder%/*}" &&
      try mkdir -m 0700 "$state_folder" || return 1
  fi
  take_lock || return 1
  if [ ! -e "$journal" ]; then
    clear_state
    each_line note_folder "$missing_folders"
  elif [ -n "$(tail -c 1 "$journal")" ]; then
    printf '\n' >>"$journal" # The end of a line that a crash has cut off.
  fi
  read_paths
  [ -z "$_killed" ] || each_line remove_part_of "$kept_paths"
}

remove_part_of() { # PATH: a run that was killed may have begun to make something beside it
  place "$1"
  remove_parts
}

is_private() { # succeeds where nobody else can write what this script believes
  if [ ! -L "$state_folder" ] && look "$state_folder"; then
    case $letters:$uid in d????-??-?:0) return 0 ;; esac
  fi
  problem="$state_folder is not a folder that only root can write"
  return 1
}

make_parents() { # FOLDER: makes it before there is a journal that could say so
  [ ! -d "${1:-/}" ] || return 0
  make_parents "${1%/*}" && try mkdir -m 0755 "$1" || return 1
  missing_folders=$missing_folders${1#"$root"}$newline
}

note_folder() { # PATH
  append folder "$1"
}

read_paths() { # sets kept_paths to those that the journal names, and last_number
  kept_paths='' last_number=0
  [ -s "$journal" ] || return 0
  kept_paths=$(awk -F "$tab" '$1 == "path" { print $4 }' "$journal")
  last_number=$(awk -F "$tab" '$1 == "path" && $2 + 0 > last { last = $2 + 0 } END { print last + 0 }' "$journal")
  kept_paths=$kept_paths$newline
}

# shellcheck disable=SC2016  # awk's fields
recorded_program='
BEGIN { FS = "\t"; path = ENVIRON["path"]; identity = ENVIRON["identity"] }
$1 == "path" && $4 == path { number = $2; mine[$2] = 1; if ($3 == identity) ours = 1 }
$1 == "wrote" && ($2 in mine) && $3 == identity { ours = 1 }
END { if (ours) print number }'

recorded_path() { # PATH: sets number to its last entry where $identity is of a run or was there before, else to nothing
  number=''
  ! in_list "$1" "$kept_paths" || number=$(path=$1 identity=$identity awk "$recorded_program" "$journal")
}

keep() { # PATH IDENTITY: keeps what is at $at, of which $identity is known, before IDENTITY is put there
  recorded_path "$1"
  _entry=''
  if [ -z "$number" ]; then
    number=$((last_number + 1))
    if [ "$identity" != absent ]; then
      _saved=$state_folder/saved-$number
      [ ! -e "$_saved" ] && [ ! -L "$_saved" ] || try rm -f "$_saved" || return 1
      try cp -pP "$at" "$_saved" || return 1
      flush "$_saved"
    fi
    line_of path "$number" "$identity" "$1"
    _entry=$journal_line$newline last_number=$number kept_paths=$kept_paths$1$newline
  fi
  line_of wrote "$number" "$2"
  write_down "$_entry$journal_line"
}

# shellcheck disable=SC2016  # awk's fields
needs_program='
BEGIN { FS = "\t" }
$1 == "need" { open[$2] = 1 }
$1 == "met" { delete open[$2] }
END { for (name in open) print name }'

read_needs() { # sets needs to what earlier runs did not come to
  needs=''
  [ ! -r "$journal" ] || needs=$(awk "$needs_program" "$journal")
  needs=${needs:+$needs$newline}
}

need() { # NAME: something has to take in what is about to change; nothing where the name is empty
  if [ -z "$1" ] || in_list "$1" "$needs"; then return 0; fi
  [ "$mode" != apply ] || append need "$1" || return 1
  needs=$needs$1$newline
}

met() { # NAME
  append met "$1"
  read_needs
}

reader_of() { # PATH: sets reader to what has to read it again
  case $1 in
    /etc/systemd/system/*) reader=units ;;
    /etc/NetworkManager/*) reader=NetworkManager ;;
    /etc/default/grub.d/*) reader='boot-loader' ;;
    *) reader='' ;;
  esac
}
