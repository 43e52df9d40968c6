# --- settings that only have to be within bounds -------------------------------------------------

want_bounded_file() { # KEY-AS-PATH BOUNDS, then as want_file: unless the next boot sets it so anyway
  _key=$1 _wish=$2
  shift 2
  listing "write $1, mode $3, owner $4:$5, unless $_key will be $_wish anyway" && return 0
  lastingly_within "$_key" "$_wish"
  case $outcome in
    pass) as_it_should_be "keep what sets $_key to $found" ;;
    fail) want_file "$@" ;;
    *) cannot "write $1" "$found" ;;
  esac
}

want_bounded_setting() { # FILE VALUE KEY-AS-PATH BOUNDS: unless the running value is within them
  listing "set $3 to $2, unless it is $4 already" && return 0
  changes_now || return 0
  running_within "$3" "$4"
  case $outcome in
    pass) as_it_should_be "keep $3 at $found" ;;
    fail) want_setting "$1" "$2" ;;
    *) cannot "set $3 to $2" "$found" ;;
  esac
}
