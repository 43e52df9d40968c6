# --- files ---------------------------------------------------------------------------------------

want_file() { # PATH LETTERS MODE USER GROUP CONTENT: the file has this content, permissions and owners
  listing "write $1, mode $3, owner $4:$5" && return 0
  if ! number_of "$4" passwd; then
    cannot "write $1" "there is no user $4"
    return 0
  fi
  wanted_uid=$account
  if ! number_of "$5" group; then
    cannot "write $1" "there is no group $5"
    return 0
  fi
  place "$1"
  find_sum "$6"
  wanted_identity="file $summed"
  if ! can_stand_there "$1"; then
    cannot "write $1" "$problem"
  elif compare_file "$@"; then
    as_it_should_be "write $1"
  elif will "write $1, $how" "$1"; then
    if put_file "$1" "$wanted_identity" "$6" "$3" "$wanted_uid:$account"; then did; else cannot "$doing" "$problem"; fi
  else
    show_difference "$1" "$6"
  fi
}

find_sum() { # CONTENT: sets summed for what the function writes; reckoned once
  eval "summed=\${sum_of_$1-}"
  if [ -z "$summed" ]; then
    summed=$("$1" | { take_sum && printf '%s' "$summed"; })
    eval "sum_of_$1=\$summed"
  fi
}

can_stand_there() { # PATH: identifies what is at $at; fails where that cannot be kept
  identify "$at"
  [ "$identity" != other ] || {
    problem='there is a folder, a device, or something that cannot be read'
    return 1
  }
}

compare_file() { # as want_file: succeeds where all is so already, else sets how it changes
  how="mode $3, owner $4:$5"
  case $identity in
    absent)
      how="$how, a new file"
      return 1
      ;;
    link*)
      how="$how, instead of a link to ${identity#link }"
      return 1
      ;;
  esac
  if ! look "$at"; then
    how="$how, whose mode cannot be read"
  elif [ "$letters:$uid:$gid" != "$2:$wanted_uid:$account" ]; then
    how="$how, instead of $letters $uid:$gid"
  elif [ "$identity" != "$wanted_identity" ]; then
    how="$how, with another content"
  else
    return 0
  fi
  return 1
}

want_absent() { # PATH: there is no file; a folder is none
  listing "remove $1" && return 0
  place "$1"
  identify "$at"
  if [ "$identity" = absent ] || { [ ! -L "$at" ] && [ -d "$at" ]; }; then
    as_it_should_be "no file $1"
  elif [ "$identity" = other ]; then
    cannot "remove $1" 'it is a device, or cannot be read'
  elif will "remove $1" "$1"; then
    if take_away "$1"; then did; else cannot "$doing" "$problem"; fi
  fi
}
