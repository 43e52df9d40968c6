# --- numbers and versions: compared digit by digit, since arithmetic is 32 bits wide in some shells

order_digits() { # DIGITS DIGITS: sets order to -1, 0 or 1
  _a=${1#"${1%%[!0]*}"} _b=${2#"${2%%[!0]*}"} order=0
  if [ ${#_a} -ne ${#_b} ]; then
    if [ ${#_a} -gt ${#_b} ]; then order=1; else order=-1; fi
    return 0
  fi
  while [ -n "$_a" ] && [ "$order" = 0 ]; do
    case $_a in
      ?????????*) _a9=${_a%"${_a#?????????}"} _b9=${_b%"${_b#?????????}"} ;;
      *) _a9=$_a _b9=$_b ;;
    esac
    if [ "$_a9" -gt "$_b9" ]; then order=1; elif [ "$_a9" -lt "$_b9" ]; then order=-1; fi
    _a=${_a#"$_a9"} _b=${_b#"$_b9"}
  done
}

order_dotted() { # NUMBERS NUMBERS: compares number by number, a missing one being 0
  _left=$1 _right=$2 order=0
  while [ -n "$_left$_right" ] && [ "$order" = 0 ]; do
    order_digits "${_left%%.*}" "${_right%%.*}"
    case $_left in *.*) _left=${_left#*.} ;; *) _left='' ;; esac
    case $_right in *.*) _right=${_right#*.} ;; *) _right='' ;; esac
  done
}

numbers() { # TEXT: sets numbers to its leading dotted numbers without what follows
  numbers=${1%%[!0-9.]*}
  numbers=${numbers%%..*}
  numbers=${numbers%.}
}

parts() { # VERSION: sets base and build; fails where it does not begin with a number
  _version=${1#v} base='' build=''
  case $_version in [0-9]*) ;; *) return 1 ;; esac
  numbers "$_version"
  base=$numbers
  case ${_version#"$base"} in
    -[0-9]*)
      numbers "${_version#"$base"-}"
      build=$numbers
      ;;
  esac
}

order_versions() { # FOUND WANTED: sets order; vendor builds count where WANTED has one
  parts "$2" || return 1
  _wanted_base=$base _wanted_build=$build
  parts "$1" || return 1
  order_dotted "$base" "$_wanted_base"
  if [ "$order" = 0 ] && [ -n "$_wanted_build" ]; then
    order_dotted "$build" "$_wanted_build"
  fi
}

begins_with() { # FOUND WANTED: succeeds when FOUND is WANTED or a finer version of it
  parts "$2" || return 1
  _right=$base
  parts "$1" || return 1
  _left=$base
  while :; do
    [ -n "$_left" ] || return 1
    order_digits "${_left%%.*}" "${_right%%.*}"
    [ "$order" = 0 ] || return 1
    case $_right in *.*) _right=${_right#*.} ;; *) return 0 ;; esac
    case $_left in *.*) _left=${_left#*.} ;; *) _left='' ;; esac
  done
}

satisfies() { # RELATION: succeeds when order does
  case $1$order in
    '<-1' | '<=-1' | '<=0' | '=0' | '!=-1' | '!=1' | '>=0' | '>=1' | '>1') return 0 ;;
  esac
  return 1
}

conclude() { # RELATION FOUND LOOKED: answers what order says
  if satisfies "$1"; then answer pass "$2" "$3"; else answer fail "$2" "$3"; fi
}

compare_versions() { # FOUND RELATION WANTED LOOKED
  if order_versions "$1" "$3"; then
    conclude "$2" "$1" "$4"
  else
    compare_words "$@"
  fi
}

compare_words() { # FOUND RELATION WANTED LOOKED: words without a number are equal or they are not
  if parts "$3" || { [ "$2" != '=' ] && [ "$2" != '!=' ]; }; then
    answer unknown "'$1' cannot be compared as a version" "$4"
    return 0
  fi
  if [ "$1" = "$3" ]; then order=0; else order=1; fi
  conclude "$2" "$1" "$4"
}

compare_counts() { # FOUND RELATION WANTED LOOKED UNIT
  case $1 in
    '' | *[!0-9]*) answer unknown "'$1' is not a number" "$4" ;;
    *)
      order_digits "$1" "$3"
      conclude "$2" "$1${5:+ $5}" "$4"
      ;;
  esac
}
