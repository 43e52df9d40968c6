# --- undoing -------------------------------------------------------------------------------------

# What was there before the first run is what the first entry of a path kept; of attributes, only the
# entries before that count.
# shellcheck disable=SC2016  # awk's fields
lasting_program='
BEGIN { FS = "\t" }
$1 == "path" { place[$2] = $4; ours[$4] = ours[$4] "\t" $3 }
$1 == "path" && !($4 in seen) { seen[$4] = 1; line[++count] = $0; path[count] = $4 }
$1 == "wrote" { ours[place[$2]] = ours[place[$2]] "\t" $3 }
$1 == "attributes" && !($4 in seen) && !($4 in before) { before[$4] = $2; line[++count] = $1; changed[count] = $4 }
$1 == "attributes" && !($4 in seen) { after[$4] = $3 }
$1 == "folder" { line[++count] = $0 }
END {
  for (i = count; i > 0; i--) {
    if (i in changed) $0 = "\t" before[changed[i]] "\t" after[changed[i]] "\t" changed[i]
    else $0 = i in path ? ours[path[i]] "\t" : ""
    print line[i] $0
  }
}'

# shellcheck disable=SC2016  # awk's fields
running_program='
BEGIN { FS = "\t" }
$1 == "setting" && !($2 in before) { before[$2] = $3; line[++count] = "setting\t" $2 }
$1 == "setting" { after[$2] = $4; next }
/^(active|inactive)\t/ && !($2 in seen) { seen[$2] = 1; line[++count] = $0 }
$1 == "argument" || $1 == "package" { line[++count] = $0 }
$1 == "loaded" { loaded[++modules] = $2 }
END {
  for (i = count; i > 0; i--) {
    split(line[i], field, "\t")
    print line[i] (field[1] == "setting" ? "\t" before[field[2]] "\t" after[field[2]] : "")
  }
  for (i = 1; i <= modules; i++) print "loaded\t" loaded[i]
}'

undo_all() {
  asked_by=''
  [ -s "$journal" ] || return 0
  lasting=$(awk "$lasting_program" "$journal")
  running=$(awk "$running_program" "$journal")
  each_line undo_lasting "$lasting"
  take_in boot-loader
  take_in units
  each_line undo_running "$running"
  take_in NetworkManager
}

undo_lasting() { # LINE of the journal; behind a path come the identities of what was there at any time
  case $1 in
    "folder$tab"*) undo_folder "${1#*"$tab"}" ;;
    "attributes$tab"*)
      _rest=${1#*"$tab"}
      was=${_rest%%"$tab"*}
      _rest=${_rest#*"$tab"}
      undo_attributes "${_rest#*"$tab"}" "$was" "${_rest%%"$tab"*}"
      ;;
    *)
      _rest=${1#*"$tab"}
      undone_number=${_rest%%"$tab"*}
      _rest=${_rest#*"$tab"}
      was=${_rest%%"$tab"*}
      _rest=${_rest#*"$tab"}
      ours=$tab${_rest#*"$tab"}
      undo_path "${_rest%%"$tab"*}"
      ;;
  esac
}

undo_folder() { # PATH: unless others have put something there
  locate "$1"
  if [ -d "$at" ] && [ ! -L "$at" ]; then
    if [ "$mode" = dry ]; then
      say would "remove the folder $1 where it is empty"
    elif rmdir "$at" 2>/dev/null; then
      doing="remove the folder $1"
      did
    fi
  fi
}

undo_attributes() { # PATH BEFORE AFTER: each is MODE:USER
  locate "$1"
  if [ ! -e "$at" ] || ! find_attributes; then
    leave "restore the mode and owner of $1" 'it is gone'
  elif [ "$found_attributes" = "$2" ]; then
    as_it_should_be "restore the mode and owner of $1"
  elif ! is_between "$2" "$3"; then
    leave "restore the mode and owner of $1" "they were changed since, to $found_attributes; before, they were $2"
  elif will "give $1 mode ${2%:*}, user ${2#*:}" "$1"; then
    if begin_undo "$1" && set_attributes "$2"; then did; else cannot "$doing" "$problem"; fi
  fi
}

is_between() { # BEFORE AFTER: succeeds with either, and with what a run that was killed left between them
  case ${found_attributes#*:} in "${1#*:}" | "${2#*:}") ;; *) return 1 ;; esac
  _mode=${1%:*} _other=${2%:*}
  case ${found_attributes%:*} in "$_mode" | "$_other" | "0${_mode#?}" | "0${_other#?}") return 0 ;; esac
  return 1
}

undo_path() { # PATH: what is there now must be of a run, or be what was there before
  place "$1"
  was_kept=''
  [ "$was" = absent ] || was_kept=$state_folder/saved-$undone_number
  [ "$mode" != apply ] || remove_parts
  identify "$at"
  if [ "$identity" = "$was" ] && same_owners; then
    as_it_should_be "restore $1"
    return 0
  fi
  case $ours in *"$tab$identity$tab"*) ;; *) identity=other ;; esac
  if [ "$identity" = other ]; then
    cannot "restore $1" "it was changed since by somebody else${was_kept:+; what was there before is $was_kept}"
  elif [ "$was" = absent ]; then
    if will "remove $1" "$1"; then
      if begin_undo "$1" && try rm -f "$at"; then did; else cannot "$doing" "$problem"; fi
    fi
  elif will "restore $1" "$1"; then
    if begin_undo "$1" && put_back; then did; else cannot "$doing" "$problem"; fi
  fi
}

remove_parts() { # removes what a run that was killed has left beside $at
  for _part in "${at%/*}/.reqc-$slug"-[0-9]*; do
    if [ -f "$_part" ] || [ -L "$_part" ]; then rm -f "$_part"; fi
  done
}

same_owners() { # succeeds when $at has the type, permissions and owners of what was kept
  [ -n "$was_kept" ] || return 0
  look "$was_kept" || return 1
  _looks="$letters:$uid:$gid"
  look "$at" && [ "$letters:$uid:$gid" = "$_looks" ]
}

begin_undo() { # PATH
  reader_of "$1"
  need "$reader"
}

put_back() {
  part=${at%/*}/.reqc-$slug-$undone_number
  if [ ! -d "${at%/*}" ]; then
    problem="the folder ${at%/*} is gone"
    return 1
  fi
  if try cp -pP "$was_kept" "$part" && move_in; then return 0; fi
  rm -f "$part"
  return 1
}

undo_running() { # LINE of the journal
  IFS=$tab
  set -f
  # shellcheck disable=SC2086  # the fields of the line
  set -- $1
  set +f
  unset IFS
  if [ -n "$no_now" ]; then
    case $1 in
      setting | active | inactive | loaded)
        leave "restore ${2#/proc/sys/}" 'only what lasts was asked for'
        return 0
        ;;
    esac
  fi
  case $1 in
    setting) undo_setting "$2" "$3" "$4" ;;
    active) undo_activity "$2" start ;;
    inactive) undo_activity "$2" stop ;;
    argument) undo_argument "$2" "$3" ;;
    package) undo_package "$2" "$3" ;;
    loaded) [ -n "$offline" ] || leave "the module $2" 'it stays loaded until the next boot' ;;
  esac
}

undo_setting() { # FILE BEFORE AFTER
  changes_now && [ -f "$1" ] && read_setting "$1" || return 0
  if [ "$value" = "$2" ]; then
    as_it_should_be "restore ${1#/proc/sys/}"
  elif [ "$value" != "$3" ]; then
    leave "restore ${1#/proc/sys/}" "it was changed since to $value"
  elif will "set ${1#/proc/sys/} to $2, instead of $value"; then
    if write_setting "$1" "$2"; then did; else cannot "$doing" "$problem"; fi
  fi
}

undo_activity() { # UNIT start|stop
  changes_now && runs_systemd || return 0
  _is=stop
  ! systemctl is-active --quiet "$1" || _is=start
  if [ "$_is" = "$2" ]; then
    as_it_should_be "$2 $1"
  elif will "$2 $1"; then
    if try systemctl "$2" "$1"; then did; else cannot "$doing" "$problem"; fi
  fi
}

undo_argument() { # TOOL ARGUMENT
  if [ -n "$offline" ]; then
    cannot "remove the kernel argument $2" 'that takes a node that runs'
  elif will "remove the kernel argument $2 with $1"; then
    if remove_argument "$1" "$2"; then did; else cannot "$doing" "$problem"; fi
  fi
}

undo_package() { # TOOL PACKAGE
  if [ -n "$offline" ]; then
    cannot "remove the package $2" 'that takes a node that runs'
  elif ! installed "$1" "$2"; then
    as_it_should_be "remove the package $2"
  elif will "remove the package $2, but not what came with it"; then
    if remove_package "$1" "$2"; then did; else cannot "$doing" "$problem"; fi
  fi
}

forget() { # removes the journal first: without it, nothing that it kept would be believed
  lasting_folders=$(awk -F "$tab" '$1 == "folder" { line[++count] = $2 } END { while (count) print line[count--] }' "$journal")
  try mv -f "$journal" "$state_folder/undone" || return 1
  rm -f "$state_folder/lock"
  locked=''
  clear_away
  each_line drop_folder "$lasting_folders"
}

drop_folder() { # PATH
  locate "$1"
  [ -L "$at" ] || rmdir "$at" 2>/dev/null || :
}
