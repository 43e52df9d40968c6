# --- arguments of the kernel ---------------------------------------------------------------------

find_argument_tool() { # sets argument_tool to what can change the arguments of all kernels here, and take that back
  if [ -z "$offline" ] && [ -e /run/ostree-booted ] && have rpm-ostree; then
    argument_tool=rpm-ostree
  elif [ -z "$offline" ] && have grubby; then
    argument_tool=grubby
  else
    argument_tool=update-grub
    [ -f "$root/etc/default/grub" ] && { [ -n "$offline" ] || have update-grub; } && reads_grub_folder
  fi
}

reads_grub_folder() { # GRUB itself does not; Debian and what comes of it do
  for _folder in /usr/sbin /usr/bin /sbin /usr/local/sbin; do
    locate "$_folder/grub-mkconfig"
    if [ -f "$at" ] && grep -q -e '/etc/default/grub\.d' -e 'default/grub.d/' "$at" 2>/dev/null; then return 0; fi
  done
  return 1
}

running_with() { # ARGUMENT PATTERN: succeeds where the kernel that runs was given it, as the check tells
  [ -z "$offline" ] && boot_argument "$1" "$2" && [ "$outcome" = pass ]
}

want_argument() { # ARGUMENT PATTERN PATH CONTENT: PATH is the file for it where GRUB reads such files
  listing "the kernel argument $1" && return 0
  if ! find_argument_tool; then
    if running_with "$1" "$2"; then
      as_it_should_be "the kernel argument $1"
    else
      cannot "the kernel argument $1" 'add it to the configuration of the boot loader by hand'
    fi
    return 0
  fi
  case $argument_tool in
    update-grub) want_grub_file "$@" ;;
    *) want_boot_entries "$1" "$2" ;;
  esac
}

want_grub_file() { # ARGUMENT PATTERN PATH CONTENT
  place "$3"
  identify "$at"
  if [ "$identity" = absent ] && running_with "$1" "$2"; then
    as_it_should_be "the kernel argument $1"
  else
    want_file "$3" -rw-r--r-- 0644 root root "$4"
  fi
}

read_boot_entries() { # sets boot_lines to the arguments of each boot entry, one a line
  case $argument_tool in
    rpm-ostree) boot_lines=$(rpm-ostree kargs 2>/dev/null) ;;
    *) boot_lines=$(grubby --info=ALL 2>/dev/null | sed -n 's/^args="\(.*\)"$/\1/p') ;;
  esac
  [ -n "$boot_lines" ]
}

look_for_argument() { # LINE: sets lacking or had for $wanted_pattern, and other where another value is there for it
  cut_boot_arguments "$1"
  # shellcheck disable=SC2027,SC2254,SC2295  # what is wanted is a pattern
  case $boot_arguments in
    *"$newline"$wanted_pattern"$newline"*) had=yes ;;
    *)
      lacking=yes
      case $wanted_pattern in
        *=*) case $boot_arguments in *"$newline"${wanted_pattern%%=*}=*) other=yes ;; esac ;;
      esac
      ;;
  esac
  boot_arguments='' # The kernel that runs may have others.
}

want_boot_entries() { # ARGUMENT PATTERN
  wanted_pattern=$2 lacking='' had='' other=''
  if ! read_boot_entries; then
    cannot "the kernel argument $1" "$argument_tool does not tell those that are there"
    return 0
  fi
  each_line look_for_argument "$boot_lines"
  if [ -z "$lacking" ]; then
    as_it_should_be "the kernel argument $1"
  elif [ -n "$had" ]; then
    cannot "the kernel argument $1" 'some boot entries have it and others not; decide by hand'
  elif [ -n "$other" ]; then
    cannot "the kernel argument $1" "there is another value for ${1%%=*}; decide by hand"
  elif will "add the kernel argument $1 with $argument_tool, for the next boot"; then
    if append argument "$argument_tool" "$1" && add_argument "$1"; then did; else cannot "$doing" "$problem"; fi
  fi
}

add_argument() { # ARGUMENT
  case $argument_tool in
    rpm-ostree) try rpm-ostree kargs --append-if-missing="$1" ;;
    *) try grubby --update-kernel=ALL --args="$1" ;;
  esac
}

remove_argument() { # TOOL ARGUMENT
  case $1 in
    rpm-ostree) try rpm-ostree kargs --delete-if-present="$2" ;;
    *) try grubby --update-kernel=ALL --remove-args="$2" ;;
  esac
}
