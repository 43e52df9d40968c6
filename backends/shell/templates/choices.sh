# --- the choices of the deployment ---------------------------------------------------------------

choice() { # OPTION [VALUE]: sets value; answers unknown and fails where nobody chose one
  if [ $# -lt 2 ]; then
    answer unknown "choose a value with --set $1=VALUE" ''
    return 1
  fi
  value=$2
}

compare_choice() { # number|version|word RELATION WANTED...: answers whether value compares so
  case $1 in
    number) order_digits "$value" "$3" ;;
    version) order_versions "$value" "$3" ;;
    *)
      _relation=$2 order=1
      shift 2
      for _wanted in "$@"; do [ "$value" != "$_wanted" ] || order=0; done
      set -- word "$_relation"
      ;;
  esac
  conclude "$2" '' ''
}

set_choice() { # OPTION=VALUE
  case $1 in [!=]*=*) ;; *) usage_error "\`$1\` is no OPTION=VALUE" ;; esac
  _option=${1%%=*}
  if ! describe_option "$_option"; then
    usage_error "the specification has no option \`$_option\`" options "$option_names"
  fi
  value=${1#*=}
  _expected=''
  "expect_$kind" "$value"
  [ -z "$_expected" ] || usage_error "\`$value\` is no value of the option \`$_option\`: expected $_expected"
  # The variable's name comes from the table of options.
  eval "_before=\${$variable+=}\${$variable-}"
  if [ -n "$fixed" ] && [ "=$value" != "$_before" ]; then
    usage_error "\`$_option\` is fixed in this script ($fixed); compile again with --set $_option=$value"
  fi
  eval "$variable=\$value"
}

# Each of these sets _expected to what was expected where TEXT is no value of the kind, and may
# write value anew.
expect_bool() {
  case $1 in true | false) ;; *) _expected='true or false' ;; esac
}

expect_enum() {
  in_list "$1" "$words" || { comma_list "$words" && _expected="one of $listed"; }
}

expect_int() {
  case $1 in
    '' | *[!0-9]* | ???????????????????*) _expected='a whole number' ;;
    *)
      value=${1#"${1%%[!0]*}"}
      value=${value:-0}
      ;;
  esac
}

expect_port() {
  expect_int "$1"
  case $1 in
    ??????*) _expected=yes ;;
    *) [ -n "$_expected" ] || { [ "$value" -ge 1 ] && [ "$value" -le 65535 ]; } || _expected=yes ;;
  esac
  [ -z "$_expected" ] || _expected='a port from 1 to 65535'
}

expect_version() {
  _six='[0-9][0-9][0-9][0-9][0-9][0-9]'
  case ${1#v} in
    '' | *[!0-9.-]* | *[.-][.-]* | [.-]* | *[.-] | *-*-*) ;;
    *${_six}${_six}${_six}[0-9]*) ;;
    *) return 0 ;;
  esac
  _expected='a version such as 3.10 or 4.18.0-193'
}

expect_string() {
  printable json "$1"
  case $shown in *'\ufffd'*) _expected='text in UTF-8' ;; esac
}

expect_cidr() { # Only the compiler brings networks to the one form in which they can be compared.
  fixed=${fixed:-a network}
}

choose_role() { # ROLE
  in_list "$1" "$role_names" || usage_error "the specification has no role \`$1\`" roles "$role_names"
  in_list "$1" "$chosen_roles" || chosen_roles=${chosen_roles:+$chosen_roles$newline}$1
}

binds_host() { # succeeds when the described item binds hosts of the chosen roles
  _binds=''
  each_line note_role "$roles"
  [ -n "$_binds" ]
}

note_role() { # ROLE
  ! in_list "$1" "$chosen_roles" || _binds=yes
}
