# --- modes and owners of files that something else brings ----------------------------------------

want_attributes() { # PATH MODE USER WISH: what is there has both; an empty one stays as it is
  listing "give $1 $4" && return 0
  account=''
  if [ -n "$3" ] && ! number_of "$3" passwd; then
    cannot "give $1 $4" "there is no user $3"
    return 0
  fi
  place "$1"
  is_link=''
  [ ! -L "$at" ] || is_link=yes
  locate "$1"
  if [ ! -e "$at" ]; then
    cannot "give $1 $4" 'it is not there'
  elif ! find_attributes; then
    cannot "give $1 $4" 'its mode and owner cannot be read'
  else
    change_attributes "$1" "${2:-${found_attributes%:*}}:${account:-${found_attributes#*:}}" "$4"
  fi
}

change_attributes() { # PATH MODE:USER WISH
  if [ "$found_attributes" = "$2" ]; then
    as_it_should_be "give $1 $3"
  elif [ -n "$is_link" ]; then
    cannot "give $1 $3" 'it is a link, and the file that it leads to is left alone'
  elif will "give $1 $3, instead of mode ${found_attributes%:*}, user ${found_attributes#*:}" "$1"; then
    reader_of "$1"
    if need "$reader" && append attributes "$found_attributes" "$2" "$1" && set_attributes "$2"; then
      did
    else
      cannot "$doing" "$problem"
    fi
  fi
}
