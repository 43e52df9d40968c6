# --- what is told --------------------------------------------------------------------------------

say() { # STATE TEXT: one line
  case $quiet:$1 in yes:cannot) ;; yes:*) return 0 ;; esac
  colour='' plain=''
  if [ -n "$escape_code" ]; then
    plain="${escape_code}[0m"
    case $1 in
      would) colour="${escape_code}[33m" ;;
      done) colour="${escape_code}[32m" ;;
      cannot) colour="${escape_code}[31m" ;;
      *) colour="${escape_code}[2m" ;;
    esac
  fi
  case $1 in
    cannot) _padding='  ' ;;
    would) _padding='   ' ;;
    ok) _padding='      ' ;;
    *) _padding='    ' ;;
  esac
  printable text "$2"
  if [ "$mode" = survey ]; then
    held_back=$held_back$colour$1$plain$_padding$shown$newline
  else
    emit "$colour$1$plain$_padding$shown$newline"
  fi
}

# A survey holds back what it says, a dry run tells, and an apply tells what it has done.

will() { # WHAT [PATH]: succeeds where it is to be done now; what a change of PATH brings about is to be told, too
  doing=$1
  if [ "$mode" != apply ] && [ $# -gt 1 ]; then
    reader_of "$2"
    need "$reader"
  fi
  case $mode in
    survey)
      pending=$((pending + 1))
      return 1
      ;;
    dry)
      changed=$((changed + 1))
      say would "$1$asked_by"
      return 1
      ;;
  esac
}

did() { # What was announced is done.
  changed=$((changed + 1))
  say 'done' "$doing$asked_by"
}

as_it_should_be() { # WHAT
  unchanged=$((unchanged + 1))
  [ -z "$verbose" ] || say ok "$1$asked_by"
}

leave() { # WHAT WHY: it is left alone because that was asked for, or because it is of no use here
  untouched=$((untouched + 1))
  say left "$1: $2$asked_by"
}

cannot() { # WHAT WHY
  impossible=$((impossible + 1))
  say cannot "$1: $2$asked_by"
}

listing() { # WHAT: succeeds where the changes are only to be named, and names this one
  [ "$mode" = list ] || return 1
  emit "$1$asked_by$newline"
}

conclude_changes() {
  _verb=changed
  [ -z "$dry_run" ] || _verb='to be changed'
  [ -z "$quiet" ] || [ "$impossible" != 0 ] || return 0
  emit "summary: $changed $_verb, $unchanged as they should be, $untouched left alone, $impossible impossible$newline"
}

# Characters that would steer a terminal, among them those that turn the direction of text.
make_filter() { # sets filter to a program of sed that shows them as question marks
  filter=$(printf 's/[\001-\010\013-\037\177]/?/g;s/\302[\200-\237]/?/g;s/\330\234/?/g;s/\342\200[\216\217\250-\256]/?/g;s/\342\201[\246-\251]/?/g')
}

show_difference() { # PATH CONTENT: how the file at $at differs from what the function CONTENT writes
  [ "$mode" = dry ] && [ -z "$quiet" ] && have diff || return 0
  _before=/dev/null _named=/dev/null
  [ -L "$at" ] || [ ! -f "$at" ] || _before=$at _named=$1
  [ -n "$filter" ] || make_filter
  # The first two lines name files and times of our own.
  _hunks=$("$2" | diff -u "$_before" - | sed -e '1{/^--- /d;}' -e '2{/^+++ /d;}' -e "$filter")
  [ -z "$_hunks" ] || emit "--- $_named$newline+++ $1$newline$_hunks$newline"
}
