# --- deep proof: rules that are really tried, each in a network namespace of its own --------------

deep_tools='' deep_obstacle='' deep_ready=''

try_rule() { # COMMAND: sets trial to accepted, missing or nothing, and trial_remark to what was tried or why not
  trial='' trial_remark=''
  prepare_deep
  if [ -n "$deep_obstacle" ]; then
    trial_remark="no rule was tried: $deep_obstacle"
    return 0
  fi
  _rule=${1#* } _family=${1%% *} _tried=''
  for _tool in "$_family-nft" "$_family-legacy" "$_family"; do
    case " $deep_tools " in *" $_tool "*) ;; *) continue ;; esac
    # shellcheck disable=SC2086  # the words of the rule are to be split
    if _said=$(set -f && in_namespace "$_tool" $_rule 2>&1); then
      trial=accepted trial_remark="$_tool $_rule"
      return 0
    fi
    case $_said in
      *'missing kernel module'* | *'No chain/target/match by that name'*) trial=missing ;;
    esac
    _said=${_said##*"$newline"}
    join "$trial_remark" "$_tool refused a rule with it: ${_said#"$_tool"}"
    trial_remark=$joined _tried=yes
  done
  [ -n "$_tried" ] || trial_remark="no rule was tried: there is no $_family that works"
}

prepare_deep() { # sets deep_tools to the commands that take a plain rule, and deep_obstacle to why none can be tried
  [ -z "$deep_ready" ] || return 0
  deep_ready=yes
  if [ -n "$root" ] || [ -z "$running" ]; then
    deep_obstacle='only the running kernel of this very machine can be asked'
  elif ! is_root; then
    deep_obstacle='only root may'
  elif ! have unshare || ! limited 10 unshare -n true 2>/dev/null; then
    deep_obstacle='no network namespace could be made with unshare -n'
  else
    for _family in iptables ip6tables; do
      for _tool in "$_family-nft" "$_family-legacy"; do
        ! works "$_tool" || deep_tools="$deep_tools $_tool"
      done
      case " $deep_tools" in *" $_family-"*) continue ;; esac
      ! works "$_family" || deep_tools="$deep_tools $_family"
    done
  fi
}

works() { # TOOL: succeeds when it takes a rule that asks for nothing but the base
  have "$1" && in_namespace "$1" -A INPUT -j ACCEPT >/dev/null 2>&1
}

in_namespace() { # COMMAND...: runs it where its rules, and the set reqc they may name, end with it
  _inet=inet
  case $1 in ip6*) _inet=inet6 ;; esac
  # shellcheck disable=SC2016  # the inner shell expands its own parameters
  XTABLES_LOCKFILE=/dev/null limited 10 unshare -n sh -c '
    case " $* " in *"-set reqc "*) ipset create reqc hash:ip family "$0" || exit ;; esac
    exec "$@"' "$_inet" "$@"
}
