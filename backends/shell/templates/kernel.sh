# --- the release of the kernel -------------------------------------------------------------------

read_release() { # sets release, and running where that is the kernel that runs
  running=yes
  first_line "$root/proc/sys/kernel/osrelease" || line=''
  release=${asked_release:-$line}
  [ "$release" = "$line" ] || running=''
  case $release in */* | . | ..) release='' ;; esac
}

kernel_version() { # RELATION VERSION
  _osrelease=$root/proc/sys/kernel/osrelease
  [ -z "$asked_release" ] || _osrelease=--kernel-release
  if [ -z "$release" ]; then
    answer unknown 'the release of the kernel cannot be read; pass --kernel-release' "$_osrelease"
  elif hides_point_release "$2"; then
    point_release "$1" "$2"
  else
    compare_versions "$release" "$1" "$2" "$_osrelease"
  fi
}

hides_point_release() { # WANTED: succeeds for x.y.z against x.y.0-N, where a vendor's z may be larger
  parts "$1" || return 1
  _wanted=$base
  case $_wanted in *.*.*.*) return 1 ;; *.*.*) ;; *) return 1 ;; esac
  [ -z "$build" ] || return 1
  parts "$release" || return 1
  case $base in *.*.*.*) return 1 ;; *.*.0) ;; *) return 1 ;; esac
  [ -n "$build" ] || return 1
  order_dotted "${_wanted%.*}" "${base%.*}"
  [ "$order" = 0 ] || return 1
  order_digits "${_wanted##*.}" 0
  [ "$order" = 1 ]
}

point_release() { # RELATION WANTED: Debian and Ubuntu tell the upstream version in other files
  _banner='' _point=''
  [ -z "$running" ] || for _file in version version_signature; do
    first_line "$root/proc/$_file" || continue
    case $_file:$line in
      version:*' Debian '[0-9]*) _point=${line##*' Debian '} ;;
      version_signature:Ubuntu' '*' '[0-9]*) _point=${line##* } ;;
    esac
    [ -z "$_point" ] || _banner=$root/proc/$_file
  done
  if [ -n "$_banner" ] && parts "$_point"; then
    compare_versions "$base" "$1" "$2" "$_banner"
  else
    answer unknown "$release hides the point release that $2 asks for" "$_osrelease, $root/proc/version"
  fi
}

own_user='' own_bounding_set='' own_status_seen=''

read_own_status() { # sets own_user to the effective user and own_bounding_set, of this very process
  [ -z "$own_status_seen" ] || return 0
  own_status_seen=yes
  [ -r /proc/self/status ] || return 0
  while read -r _key _value _effective _; do
    case $_key in
      Uid:) own_user=$_effective ;;
      CapBnd:) own_bounding_set=$_value && break ;;
    esac
  done </proc/self/status
}
