# --- arguments that the kernel was started with ----------------------------------------------------

boot_arguments=''

boot_argument() { # ARGUMENT PATTERN: the pattern has the argument with either of - and _ in its name
  if [ -n "$explain" ]; then
    say_words "the kernel was started with the argument $1"
    return 0
  fi
  locate /proc/cmdline
  if ! read_boot_arguments "$at"; then
    answer unknown 'the command line of the kernel cannot be read' "$at"
    return 0
  fi
  answer fail "started without $1" "$at"
  case $1 in *"$newline"*) return 0 ;; esac
  # shellcheck disable=SC2027,SC2254  # the second argument is a pattern
  case $boot_arguments in
    *"$newline"$2"$newline"*) answer pass "started with $1" "$at" ;;
  esac
}

read_boot_arguments() { # FILE: sets boot_arguments to those in its first line
  [ -z "$boot_arguments" ] || return 0
  first_line "$1" || return 1
  cut_boot_arguments "$line"
}

cut_boot_arguments() { # LINE: sets boot_arguments to lines, as the kernel cuts and reads them
  boot_arguments=$newline _rest=$1 _word='' _quoted='' _signs="[ $tab\"]"
  while [ -n "$_rest" ]; do
    # shellcheck disable=SC2295  # the signs are a pattern
    _piece=${_rest%%$_signs*}
    _word=$_word$_piece _rest=${_rest#"$_piece"}
    case $_quoted$_rest in
      yes\"*) _quoted='' _word=$_word\" ;;
      \"*) _quoted=yes _word=$_word\" ;;
      yes*) _word=$_word${_rest%"${_rest#?}"} ;;
      *) take_boot_argument "$_word" && _word='' || return 0 ;;
    esac
    _rest=${_rest#?}
  done
  take_boot_argument "$_word" || :
}

take_boot_argument() { # WORD: adds it without its quotes; fails at --, behind which are the arguments of the first process
  _argument=${1#\"}
  _value=${_argument#?*=}
  _name=${_argument%"$_value"}
  case $_value in
    \"*)
      [ -z "$_name" ] || _value=${_value#\"}
      _value=${_value%\"}
      ;;
    *) case $1 in \"*) _value=${_value%\"} ;; esac ;;
  esac
  [ "$_name$_value" != -- ] || return 1
  [ -z "$_name$_value" ] || boot_arguments=$boot_arguments$_name$_value$newline
}
