# --- mounts --------------------------------------------------------------------------------------

mount_table() { # sets _mounts; below another root, /proc/mounts would be a link to our own
  _mounts=$root/proc/1/mounts
  [ -r "$_mounts" ] || _mounts=$root/proc/mounts
}

mounted() { # PATH FILESYSTEM PATH-AS-WRITTEN OTHER-SPELLING: the last mount on a path is on top
  mount_table
  if [ ! -r "$_mounts" ]; then
    answer unknown 'the table of mounts cannot be read' "$_mounts"
    return 0
  fi
  _top=$(grep -F -e " $3 " -e " $4 " -- "$_mounts" 2>/dev/null)
  if [ $? -gt 1 ]; then
    answer unknown 'the table of mounts cannot be searched with grep' "$_mounts"
    return 0
  fi
  _kind=$(
    printf '%s\n' "$_top" | while IFS=' ' read -r _ _point _type _; do
      case $_point in "$3" | "$4") printf '%s\n' "$_type" ;; esac
    done
  )
  _kind=${_kind##*"$newline"}
  case $_kind in
    '') answer fail "nothing is mounted at $1" "$_mounts" ;;
    "$2") answer pass "$_kind" "$_mounts" ;;
    *) answer fail "$_kind is mounted at $1" "$_mounts" ;;
  esac
}
