# --- which requirements count --------------------------------------------------------------------

for_any_of() { # IDS: succeeds where one of them is chosen and applies here; else tells why not, once
  ids=$1 counts='' why_left='' why_unknown=''
  describe_ids
  each_line weigh "$ids"
  [ -z "$counts" ] || return 0
  if [ "$mode" = list ] || [ -z "$why_left$why_unknown" ] || in_list "$ids_told" "$told_of"; then return 1; fi
  told_of=$told_of$ids_told$newline asked_by=''
  if [ -n "$why_unknown" ]; then
    cannot "$ids_told" "$why_unknown"
  else
    leave "$ids_told" "$why_left"
  fi
  return 1
}

describe_ids() { # sets asked_by to who asks, as it stands behind a change, and ids_told
  comma_list "$ids"
  ids_told=$listed
  if [ -z "$verbose" ] && [ "$mode" != list ]; then
    id_count=0 first_ids=''
    each_line count_id "$ids"
    [ "$id_count" -le 3 ] || ids_told="$first_ids and $((id_count - 2)) more"
  fi
  asked_by=" ($ids_told)"
}

count_id() { # ID
  id_count=$((id_count + 1))
  [ "$id_count" -gt 2 ] || first_ids=$first_ids${first_ids:+, }$1
}

weigh() { # ID: sets counts where it is chosen and applies, else why not
  id=$1
  [ -z "$counts" ] || return 0
  if named_in "$skip"; then
    why_left='skipped'
  elif [ "$only" != "$newline" ] && ! named_in "$only"; then
    return 0
  elif [ "$mode" = list ]; then
    counts=yes
  else
    weigh_guard
  fi
}

weigh_guard() { # Each guard is asked once, before anything changes.
  guard_of "$id"
  if [ -z "$guard" ]; then
    counts=yes
    return 0
  fi
  eval "_answer=\${answer_$guard-}"
  if [ -z "$_answer" ]; then
    "$guard"
    eval "answer_$guard=\$outcome\$newline\$found"
    _answer=$outcome$newline$found
  fi
  case $_answer in
    pass*) counts=yes ;;
    fail*) why_left="not applicable here: ${_answer#*"$newline"}" ;;
    manual*) why_left="a person has to tell whether it applies: ${_answer#*"$newline"}" ;;
    *) why_unknown="cannot tell whether it applies: ${_answer#*"$newline"}" ;;
  esac
}
