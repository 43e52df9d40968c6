# --- one run -------------------------------------------------------------------------------------

prepare_run() { # gives every variable of its own a value
  dry_run='' undo='' no_now='' offline='' mode='' filter=''
  state_folder='' journal='' locked='' lock_text='' needs='' kept_paths='' last_number=0 missing_folders=''
  asked_by='' told_of='' doing='' held_back='' problem='' part='' elsewhere=''
  umask 022
  reset_counts
}

reset_counts() {
  pending=0 changed=0 unchanged=0 untouched=0 impossible=0
}

finish() {
  leave_state
  exit "${status:-$broken}"
}

interrupted() {
  printf '%s\n' "$script: interrupted; run it again to go on, or with --undo to take back what was done" >&2
  status=1
  exit 1
}

refuse() { # MESSAGE
  printf '%s\n' "$script: $1" >&2
  status=1
  exit 1
}

require_tools() {
  for _tool in awk cat chmod chown cksum cp grep ln ls mkdir mv rm rmdir sed sync tail; do
    have "$_tool" || refuse "$_tool is missing, and nothing was changed"
  done
}

each_change() {
  each_lasting_change
  take_in boot-loader
  take_in units
  each_running_change
  take_in NetworkManager
}

pass() { # MODE COMMAND: one way through all changes
  mode=$1 told_of=''
  read_needs
  "$2"
}

work() { # COMMAND: changes only where there is something to change, so that a second run writes nothing
  if [ -n "$dry_run" ]; then
    pass dry "$1"
    return 0
  fi
  pass survey "$1"
  # What a run that was killed has left is cleared away even where all is as it should be.
  if [ "$pending" = 0 ] && [ -z "$lock_text" ]; then
    emit "$held_back"
    return 0
  fi
  open_state || refuse "$problem; nothing was changed"
  reset_counts
  pass apply "$1"
}

undo_run() {
  if [ -d "$state_folder" ] && ! ls "$state_folder" >/dev/null 2>&1; then
    refuse "only root can read $state_folder"
  fi
  if [ ! -s "$journal" ]; then
    [ -n "$quiet" ] || emit "there is nothing to take back$newline"
    [ -n "$dry_run" ] || drop_empty_state
    status=0
    exit 0
  fi
  if [ -n "$dry_run" ]; then
    pass dry undo_all
  else
    open_state || refuse "$problem; nothing was changed"
    pass apply undo_all
    [ "$impossible" != 0 ] || forget || cannot 'forget the journal' "$problem"
  fi
}

drop_empty_state() { # A run that was killed may have left a state before there was a journal, or without it.
  [ ! -d "$state_folder" ] || open_state || refuse "$problem; nothing was changed"
  leave_state
  rmdir "${state_folder%/*}" 2>/dev/null || :
}

remedy() {
  status='' broken=2
  set -u
  prepare
  prepare_run
  trap finish EXIT
  trap interrupted HUP INT TERM
  read_options "$@"
  while :; do case $root in */) root=${root%/} ;; *) break ;; esac done
  case $root in '' | /*) ;; *) root=$(pwd)/$root ;; esac
  choose_color
  if [ -n "$list" ]; then
    pass list each_listed
    status=0
    return 0
  fi
  require_tools
  [ -n "$dry_run" ] || is_root || refuse 'only root can change this node; --dry-run says what would change'
  find_state
  [ -n "$dry_run" ] || refuse_second_run
  read_release
  [ -n "$offline" ] || detect_container
  [ -n "$quiet" ] || emit "$identity$newline"
  if [ -n "$undo" ]; then undo_run; else work each_change; fi
  conclude_changes
  status=0
  [ "$impossible" = 0 ] || status=1
}

each_listed() {
  each_lasting_change
  each_running_change
}
