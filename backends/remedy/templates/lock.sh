# --- the lock: a link whose target names the process that holds it -------------------------------

mark_process() { # NUMBER: sets process_mark to when it began, which no later process has; fails where there is none
  process_mark=''
  if [ -r /proc/self/stat ]; then
    first_line "/proc/$1/stat" || return 1
    set -f
    # shellcheck disable=SC2086  # the fields behind the name, which stands in parentheses
    set -- ${line##*') '}
    set +f
    process_mark=${20:-}
  else
    kill -0 "$1" 2>/dev/null
  fi
}

find_holder() { # sets holder to the process that holds the lock, and lock_text to what the lock says
  holder='' lock_text=''
  first_line /proc/sys/kernel/random/boot_id || line=''
  boot=$line
  [ -L "$state_folder/lock" ] && link_target "$state_folder/lock" || return 0
  lock_text=$target
  case ${target%% *} in '' | *[!0-9]*) return 0 ;; esac
  if mark_process "${target%% *}" && [ "$target" = "${target%% *} ${process_mark:--} ${boot:--}" ]; then
    holder=${target%% *}
  fi
}

refuse_second_run() {
  find_holder
  [ -n "$holder" ] || return 0
  printf '%s\n' "$script: process $holder is at work on this node; nothing was changed" >&2
  status=1
  exit 1
}

take_lock() {
  refuse_second_run
  [ -z "$lock_text" ] || take_from_dead || return 1
  mark_process $$ || :
  try ln -s "$$ ${process_mark:--} ${boot:--}" "$state_folder/lock" || return 1
  locked=yes
}

take_from_dead() { # moves the lock of a run that was killed out of the way, unless another was faster
  try mv -f "$state_folder/lock" "$state_folder/lock.$$" || return 1
  if ! link_target "$state_folder/lock.$$" || [ "$target" != "$lock_text" ]; then
    try mv -f "$state_folder/lock.$$" "$state_folder/lock"
    problem='another run has just begun'
    return 1
  fi
  try rm -f "$state_folder/lock.$$"
}

leave_state() { # gives the lock back, and the folder where it is not needed
  [ -n "$locked" ] || return 0
  locked=''
  rm -f "$state_folder/lock"
  [ -s "$journal" ] || clear_away
}

clear_state() { # removes what a run that was killed left of a journal that is no more
  for _file in "$state_folder"/saved-* "$state_folder"/lock.* "$state_folder"/undoing "$state_folder"/undone; do
    if [ -e "$_file" ] || [ -L "$_file" ]; then rm -f "$_file"; fi
  done
}

clear_away() { # removes the folder of the state with all that is in it; the journal is no more
  clear_state
  rm -f "$journal"
  rmdir "$state_folder" "${state_folder%/*}" 2>/dev/null || :
}
