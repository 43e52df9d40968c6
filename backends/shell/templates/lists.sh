# --- lists: texts of which every line is an item -------------------------------------------------

each_line() { # FUNCTION LIST: calls it with each line; the positional parameters are the stack
  while [ -n "$2" ]; do
    "$1" "${2%%"$newline"*}"
    case $2 in *"$newline"*) set -- "$1" "${2#*"$newline"}" ;; *) return 0 ;; esac
  done
}

in_list() { # WORD LIST: succeeds when the word is a line of the list
  case $1 in '' | *"$newline"*) return 1 ;; esac
  case $newline$2$newline in *"$newline$1$newline"*) return 0 ;; esac
  return 1
}

comma_list() { # LIST [LAST]: sets listed to its lines behind commas, or LAST before the last one
  listed='' _last=${2:-,}
  each_line add_to_listed "$1"
  case $_last in
    ,) ;;
    *) case $listed in *', '*) listed="${listed%, *} $_last ${listed##*, }" ;; esac ;;
  esac
}

add_to_listed() { # WORD
  listed=$listed${listed:+, }$1
}
