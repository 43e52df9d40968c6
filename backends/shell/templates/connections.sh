# --- connections to other hosts ------------------------------------------------------------------

reachable() { # LABEL PORT HOST...
  _label=$1 _port=$2 _tried='' _untried=''
  shift 2
  if [ $# -eq 0 ]; then
    answer unknown "nobody said where $_label is; compile with an inventory" ''
    return 0
  fi
  if [ -z "$network" ]; then
    answer unknown "$_label is probed only with --network" "$*"
    return 0
  fi
  for _host in "$@"; do
    case $_host in
      '' | -* | *[!A-Za-z0-9.:_-]*) _untried=$_host && continue ;;
    esac
    connect "$_host" "$_port"
    case $? in
      0)
        answer pass "$_host port $_port accepts connections" "$tool"
        return 0
        ;;
      1) _tried="$_tried${_tried:+, }$_host" ;;
      *) _untried=$_host ;;
    esac
  done
  if [ -n "$_untried" ]; then
    answer unknown "$_untried cannot be probed: $tool" "$*"
  else
    answer fail "no connection to $_tried port $_port" "$tool"
  fi
}

connect() { # HOST PORT: 0 connected, 1 not connected, 2 no tool could try
  tool='an address is needed, and one of bash with timeout, nc, or curl'
  if have bash && have timeout && bash -c '(: >/dev/tcp/127.0.0.1/0) 2>&1' | grep -q -v 'No such file'; then
    tool='bash /dev/tcp'
    # shellcheck disable=SC2016  # bash expands its own arguments
    timeout "$timeout_seconds" bash -c ': 3<>"/dev/tcp/$1/$2"' probe "$1" "$2" >/dev/null 2>&1 || return 1
  elif have nc && nc -h 2>&1 | grep -q -e '-z'; then
    tool='nc -z'
    nc -z -w "$timeout_seconds" "$1" "$2" >/dev/null 2>&1 || return 1
  elif have curl; then
    tool='curl telnet://'
    connect_with_curl "$@"
  else
    return 2
  fi
}

connect_with_curl() { # HOST PORT: connected when curl measured how long it took
  case $1 in *:*) set -- "[$1]" "$2" ;; esac
  _time=$(curl -q -s -g --noproxy '*' --connect-timeout "$timeout_seconds" --max-time "$((timeout_seconds + 1))" -o /dev/null -w '%{time_connect}' \
    "telnet://$1:$2" </dev/null 2>/dev/null)
  case $_time in *[1-9]*) return 0 ;; esac
  return 1
}
