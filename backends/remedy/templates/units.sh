# --- units ---------------------------------------------------------------------------------------

want_unit() { # UNIT enabled|disabled|masked
  listing "unit $1: $2" && return 0
  links='' names='' planned='' unseen=''
  "want_$2" "$1"
}

want_enabled() { # UNIT
  find_unit "$1" || {
    cannot "enable $1" "$unseen"
    return 0
  }
  # Planning looks at other units, too.
  its_mask=$mask
  # The file of a unit may be one of this script, and still to come.
  if [ -z "$mask" ] && [ -n "$unit_file" ]; then
    unit_wanted "$1" "$unit_name"
    if [ "$_state" = enabled ]; then
      as_it_should_be "enable $1"
      return 0
    fi
  fi
  if ! plan_enabling "$1"; then
    cannot "enable $1" "$unseen"
  elif [ -z "$links" ]; then
    cannot "enable $1" 'its file does not say what starts it'
  elif lift_mask "$1" "$its_mask"; then
    each_line make_unit_link "$links"
  fi
}

lift_mask() { # UNIT MASK: removes what masks it; fails where that is not the administrator's
  case $2 in
    '') return 0 ;;
    "${root}$unit_place"/*) ;;
    *)
      cannot "enable $1" "it is masked by $2"
      return 1
      ;;
  esac
  remove_unit_link "$2"
}

remove_unit_link() { # FILE
  at=$1
  identify "$at"
  if [ "$identity" != other ] && will "remove the link ${1#"$root"}" "${1#"$root"}"; then
    if take_away "${1#"$root"}"; then did; else cannot "$doing" "$problem"; fi
  fi
}

make_unit_link() { # PATH <tab> TARGET
  set -- "${1%%"$tab"*}" "${1#*"$tab"}"
  [ "$1" != "$2" ] || return 0
  place "$1"
  identify "$at"
  case $identity in
    "link $2" | "link ../${2##*/}" | "link ${2##*/}") as_it_should_be "link $1 to $2" ;;
    absent)
      if will "link $1 to $2" "$1"; then
        if put_link "$1" "$2"; then did; else cannot "$doing" "$problem"; fi
      fi
      ;;
    *)
      # The same unit by another way, such as /lib for /usr/lib, is as good.
      if [ -L "$at" ] && [ "${identity##*/}" = "${2##*/}" ]; then
        as_it_should_be "link $1 to $2"
      else
        cannot "link $1 to $2" 'something else is there'
      fi
      ;;
  esac
}

want_disabled() { # UNIT
  find_unit "$1" || {
    cannot "disable $1" "$unseen"
    return 0
  }
  if [ -n "$mask" ] || [ -z "$unit_file" ]; then
    as_it_should_be "disable $1"
    return 0
  fi
  plan_disabling "$1"
  find_links
  wanted_elsewhere "$1"
  if [ -n "$links" ]; then
    each_line remove_unit_link "$links"
  elif [ -z "$elsewhere" ]; then
    as_it_should_be "disable $1"
  fi
  [ -z "$elsewhere" ] || cannot "disable $1" "${elsewhere#"$root"} starts it all the same; only masking it helps"
}

want_masked() { # UNIT
  place "$unit_place/$1"
  if is_mask "$at"; then
    as_it_should_be "mask $1"
    return 0
  fi
  if ! can_stand_there; then
    cannot "mask $1" "$problem"
  elif will "mask $1: link $unit_place/$1 to /dev/null" "$unit_place/$1"; then
    if put_link "$unit_place/$1" /dev/null; then did; else cannot "$doing" "$problem"; fi
  fi
}
