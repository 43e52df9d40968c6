# --- the configuration of the kernel -------------------------------------------------------------

# shellcheck disable=SC2016  # awk's fields
config_program='
BEGIN { wanted = "^(# )?CONFIG_(" ENVIRON["wanted"] ")[ =]" }
/^CONFIG_[A-Za-z0-9_]*=/ || /^# CONFIG_[A-Za-z0-9_]* is not set$/ { lines++; if ($0 ~ wanted) print }
$0 == "!unreadable" { broken = 1 }
END { if (lines && !broken) print "!whole" }'

each_config() { # FUNCTION: calls it for each configuration of the release until it succeeds
  if [ -n "${kernel_config:-}" ]; then
    "$1" "$kernel_config"
    return
  fi
  [ -z "$running" ] || ! "$1" "$root/proc/config.gz" || return 0
  [ -n "$release" ] || return 1
  for _path in "/boot/config-$release" "/usr/lib/modules/$release/config" \
    "/lib/modules/$release/config" "/usr/lib/ostree-boot/config-$release" \
    "/usr/lib/kernel/config-$release" "/usr/src/linux-headers-$release/.config" \
    "/lib/modules/$release/build/.config" "/usr/src/linux-$release/.config"; do
    locate "$_path"
    ! "$1" "$at" || return 0
  done
  return 1
}

find_plain_config() { # sets plain_config to the configuration where it can be searched like the lists
  plain_config=''
  ! each_config exists || [ ! -r "$_file" ] || case $_file in *.gz) ;; *) plain_config=$_file ;; esac
}

exists() { # FILE
  _file=$1
  [ -f "$1" ]
}

read_config() { # sets config to the file that was read, symbols to lines SYMBOL=VALUE
  [ -z "$wanted_names" ] || read_modules
  [ -z "$symbols" ] || return 0
  symbols=$newline config='' config_places="the configuration of kernel ${release:-?}"
  config_places=${kernel_config:-$config_places}
  if ! have awk; then
    blind_to 'awk is missing'
    return 0
  fi
  each_config try_config
}

try_config() { # FILE: reads it; fails where it is not a whole configuration
  [ -f "$1" ] || return 1
  if [ ! -r "$1" ]; then
    blind_to "$1 needs root"
    return 1
  fi
  _found=$(
    { unpacked "$1" 2>/dev/null || printf '\n!unreadable\n'; } |
      wanted=$wanted_options awk "$config_program"
  )
  case $newline$_found in
    *"$newline!whole")
      config=$1
      take_lines config "${_found%'!whole'}"
      return 0
      ;;
  esac
  blind_to "$1 cannot be unpacked or is no configuration"
  return 1
}

unpacked() { # FILE
  case $1 in
    *.gz) gzip -d -c <"$1" || zcat <"$1" ;;
    *) cat <"$1" ;;
  esac
}
