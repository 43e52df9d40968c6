# --- the configuration of the kernel -------------------------------------------------------------

# shellcheck disable=SC2016  # awk's fields
config_program='
BEGIN {
  count = split(ENVIRON["wanted"], names, "\n")
  for (i = 1; i <= count; i++) if (names[i] != "") want[names[i]] = 1
}
/^CONFIG_[A-Za-z0-9_]*=/ {
  lines++
  name = $0; sub(/=.*/, "", name); name = substr(name, 8)
  setting = $0; sub(/^[^=]*=/, "", setting)
  if (name in want) print name "=" setting
}
/^# CONFIG_[A-Za-z0-9_]* is not set$/ {
  lines++
  if (substr($2, 8) in want) print substr($2, 8) "=n"
}
$0 == "!unreadable" { broken = 1 }
END { if (lines && !broken) print "!whole" }'

read_config() { # sets config to the file that was read, symbols to lines SYMBOL=VALUE
  [ -z "$symbols" ] || return 0
  symbols=$newline config='' config_places="the configuration of kernel ${release:-?}"
  if ! have awk; then
    blind_to 'awk is missing'
    return 0
  fi
  if [ -n "$running" ] && try_config "$root/proc/config.gz"; then return 0; fi
  [ -n "$release" ] || return 0
  for _file in "/boot/config-$release" "/usr/lib/modules/$release/config" \
    "/lib/modules/$release/config" "/usr/lib/ostree-boot/config-$release" \
    "/usr/lib/kernel/config-$release" "/usr/src/linux-headers-$release/.config" \
    "/lib/modules/$release/build/.config" "/usr/src/linux-$release/.config"; do
    locate "$_file"
    ! try_config "$at" || return 0
  done
}

try_config() { # FILE: reads it; fails where it is not a whole configuration
  [ -f "$1" ] || return 1
  if [ ! -r "$1" ]; then
    blind_to "$1 needs root"
    return 1
  fi
  symbols=$newline$(
    { unpacked "$1" 2>/dev/null || printf '\n!unreadable\n'; } |
      wanted=$wanted_symbols awk "$config_program"
  )$newline
  case $symbols in
    *"$newline!whole$newline")
      config=$1
      return 0
      ;;
  esac
  symbols=$newline
  blind_to "$1 cannot be unpacked or is no configuration"
  return 1
}

unpacked() { # FILE
  case $1 in
    *.gz) gzip -d -c <"$1" || zcat <"$1" ;;
    *) cat <"$1" ;;
  esac
}
