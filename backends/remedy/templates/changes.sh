# --- files and links: each is made beside its place and moved there ------------------------------

make_folders() { # FOLDER: makes it with all that is missing above it
  [ ! -d "${1:-/}" ] || return 0
  make_folders "${1%/*}" && append folder "${1#"$root"}" && try mkdir -m 0755 "$1"
}

begin_change() { # PATH IDENTITY: keeps what is at $at, of which $identity is known; sets part to where to make the new
  reader_of "$1"
  need "$reader" && make_folders "${at%/*}" && keep "$1" "$2" || return 1
  part=${at%/*}/.reqc-$slug-$number
  if [ -e "$part" ] || [ -L "$part" ]; then try rm -f "$part"; fi
}

put_file() { # PATH IDENTITY CONTENT MODE OWNERS
  begin_change "$1" "$2" || return 1
  if make_file "$3" && try chown -h "$5" "$part" && try chmod "$4" "$part" && move_in; then return 0; fi
  rm -f "$part"
  return 1
}

make_file() { # CONTENT
  umask 077
  set -C # What somebody else has put there meanwhile is not written through.
  problem=$({ "$1" >"$part"; } 2>&1) || problem=${problem:-"$part cannot be written"}
  set +C
  umask 022
  [ -z "$problem" ]
}

put_link() { # PATH TARGET
  begin_change "$1" "link $2" || return 1
  if try ln -s "$2" "$part" && move_in; then return 0; fi
  rm -f "$part"
  return 1
}

move_in() { # moves what is in $part to $at
  # Into a link to a folder, mv would move it.
  if [ -L "$at" ] && [ -d "$at" ]; then try rm -f "$at" || return 1; fi
  try mv -f "$part" "$at" || return 1
  [ -n "$offline" ] || ! have restorecon || restorecon "$at" 2>/dev/null || :
}

find_attributes() { # sets found_attributes to the mode and the user of what $at leads to
  found_attributes=$(attributes "$at" && printf '%s' "$mode:$owner")
  [ -n "$found_attributes" ]
}

set_attributes() { # MODE:USER of $at
  # A new owner takes the bits for set-user-id away. Fewer than five digits would leave those of a folder.
  try chown "${1#*:}" "$at" && try chmod "0${1%:*}" "$at"
}

take_away() { # PATH
  begin_change "$1" absent && try rm -f "$at"
}
