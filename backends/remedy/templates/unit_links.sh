# --- the links that enable units -----------------------------------------------------------------
#
# What systemctl does for enable, disable and mask is to make and remove links below one folder. They
# are made here one by one, so that a dry run can name them, --undo can restore exactly these, and a
# node can be changed that does not run.

unit_place=/etc/systemd/system

# shellcheck disable=SC2016  # awk's fields
install_program='
function trimmed(text) { sub(/^[ \t\r]+/, "", text); sub(/[ \t\r]+$/, "", text); return text }
function specified(word,  at, sign, text) {
  while ((at = index(word, "%")) > 0) {
    sign = substr(word, at + 1, 1)
    text = text substr(word, 1, at - 1)
    if (sign == "n") text = text name
    else if (sign == "N") text = text stem
    else if (sign == "p") text = text prefix
    else if (sign == "i") text = text instance
    else if (sign == "%") text = text "%"
    else return "?"
    word = substr(word, at + 2)
  }
  return text word
}
# What an alias must have in common with its unit: the suffix, and whether and of what it is an instance.
function tail(unit,  at) {
  at = index(unit, "@")
  if (!at) for (at = length(unit); at > 1 && substr(unit, at, 1) != "."; at--) continue
  return substr(unit, at)
}
BEGIN {
  name = stem = ENVIRON["unit"]
  sub(/\.[^.]*$/, "", stem)
  prefix = stem
  sub(/@.*/, "", prefix)
  if (index(stem, "@")) instance = substr(stem, index(stem, "@") + 1)
  kinds["WantedBy"] = "wants"; kinds["RequiredBy"] = "requires"; kinds["UpheldBy"] = "upholds"
  kinds["Alias"] = "alias"; kinds["Also"] = "also"; kinds["DefaultInstance"] = "instance"
  keys = split("WantedBy RequiredBy UpheldBy Alias Also DefaultInstance", order, " ")
}
FNR == 1 { section = held = "" }
{
  line = trimmed($0)
  if (line ~ /^[#;]/ || (line == "" && held == "")) next
  held = held line
  if (sub(/\\$/, " ", held)) next
  line = held
  held = ""
  if (line ~ /^\[.*\]$/) { section = line; next }
  if (section != "[Install]") next
  present = 1
  at = index(line, "=")
  key = trimmed(substr(line, 1, at - 1))
  if (!at || !(key in kinds)) next
  value = trimmed(substr(line, at + 1))
  if (value == "") { count[key] = 0; next }
  total = split(value, words, /[ \t]+/)
  for (i = 1; i <= total; i++) list[key, ++count[key]] = specified(words[i])
}
END {
  if (present) print "install"
  for (k = 1; k <= keys; k++) for (i = 1; i <= count[order[k]]; i++) {
    word = list[order[k], i]
    kind = kinds[order[k]]
    if (word !~ /^[A-Za-z0-9:_.\\@-]+$/ || (kind == "alias" && tail(word) != tail(name))) kind = "odd"
    print kind " " word
  }
}'

read_install() { # UNIT: sets unit_name, unit_file, mask, install to what its file says there, and unit_path to that file
  install='' unit_path=''
  find_unit "$1" || return 1
  own_unit "$unit_name"
  _stem=$unit_name
  case $unit_name in *@?*.*) _stem=${unit_name%%@*}@.${unit_name##*.} ;; esac
  if [ -n "$content" ]; then
    unit_path=$unit_place/$unit_name
    install=$("$content" | unit=$unit_name awk "$install_program")
  elif [ -n "$unit_file" ]; then
    unit_path=${unit_file#"$root"}
    set -- "$unit_file"
    for _folder in $unit_folders; do
      locate "$_folder"
      for _file in "$at/$_stem".d/*.conf; do [ ! -f "$_file" ] || set -- "$@" "$_file"; done
    done
    install=$(unit=$unit_name awk "$install_program" "$@" 2>/dev/null)
  else
    unseen='there is no such unit'
    return 1
  fi
}

plan_enabling() { # UNIT: adds to links what enables it and the units that it names with Also=; sets unseen where it fails
  in_list "$1" "$planned" && return 0
  planned=$planned$1$newline
  read_install "$1" || return 1
  case $newline$install in
    *"${newline}odd "*)
      unseen="its [Install] section is read by systemctl only"
      return 1
      ;;
  esac
  _name=$unit_name
  case $unit_name in
    *@.*)
      _default=${install#*instance }
      if [ "$_default" = "$install" ]; then
        unseen='it is a template, of which no instance is the default'
        return 1
      fi
      _name=${unit_name%%@*}@${_default%%"$newline"*}.${unit_name##*.}
      ;;
  esac
  link_name=$_name also=''
  each_line plan_install_line "$install"
  # The rest of the plan overwrites what is known of this unit.
  set -- "$also"
  each_line plan_also "$1"
}

plan_install_line() { # LINE of install
  case $1 in
    'wants '* | 'requires '* | 'upholds '*)
      links=$links$unit_place/${1#* }.${1%% *}/$link_name$tab$unit_path$newline
      ;;
    'alias '*) links=$links$unit_place/${1#* }$tab$unit_path$newline ;;
    'also '*) also=$also${1#* }$newline ;;
  esac
}

plan_also() { # UNIT: one that is not there is passed over, as systemctl does
  plan_enabling "$1" || :
}

plan_disabling() { # UNIT: adds to names all that the links of the unit and of those in Also= may be called
  in_list "$1" "$planned" && return 0
  planned=$planned$1$newline
  read_install "$1" || return 0
  names=$names$unit_name$newline
  also=''
  each_line plan_name "$install"
  set -- "$also"
  each_line plan_disabling "$1"
}

plan_name() { # LINE of install
  case $1 in
    'alias '*) names=$names${1#* }$newline ;;
    'also '*) also=$also${1#* }$newline ;;
  esac
}

# shellcheck disable=SC2016  # awk's fields
links_program='
function base(path) { sub(/.*\//, "", path); return path }
BEGIN { total = split(ENVIRON["names"], names, "\n"); for (i = 1; i <= total; i++) if (names[i] != "") wanted[names[i]] = 1 }
/^[^ ].*:$/ { folder = $0; sub(/:$/, "", folder); next }
/^l/ {
  rest = $0
  for (i = 0; i < 8; i++) sub(/^[^ ]+ +/, "", rest)
  at = index(rest, " -> ")
  if (!at) next
  file[++count] = folder "/" substr(rest, 1, at - 1)
  target[count] = substr(rest, at + 4)
}
END {
  # A link to a link of the unit is one of the unit, too.
  do {
    more = 0
    for (i = 1; i <= count; i++)
      if (!(i in taken) && target[i] != "/dev/null" && ((base(file[i]) in wanted) || (base(target[i]) in wanted))) {
        taken[i] = 1
        if (!(base(file[i]) in wanted)) { wanted[base(file[i])] = 1; more = 1 }
      }
  } while (more)
  for (i = 1; i <= count; i++) if (i in taken) print file[i]
}'

find_links() { # sets links to those of the administrator that belong to $names
  locate "$unit_place"
  set -- "$at"
  for _folder in "$at"/*.wants "$at"/*.requires "$at"/*.upholds; do
    [ ! -d "$_folder" ] || set -- "$@" "$_folder"
  done
  # A second folder makes ls say which one it lists. No name of a unit has a line feed.
  # shellcheck disable=SC2012
  links=$(ls -ln "$@" /nowhere 2>/dev/null | names=$names awk "$links_program")
}

wanted_elsewhere() { # UNIT: sets elsewhere to a link outside of the administrator's folder that starts it
  elsewhere=''
  for _folder in $unit_folders; do
    [ "$_folder" != "$unit_place" ] || continue
    locate "$_folder"
    for _link in "$at"/*.wants/"$1" "$at"/*.requires/"$1" "$at"/*.upholds/"$1"; do
      if [ -e "$_link" ] || [ -L "$_link" ]; then
        elsewhere=$_link
        return 0
      fi
    done
  done
}
