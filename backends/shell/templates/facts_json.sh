# --- facts as JSON -------------------------------------------------------------------------------

# Carries out orders, one a line: a word, and data behind its blank. Texts become strings of ASCII.
# shellcheck disable=SC2016  # awk's fields
facts_program=$sysctl_functions'
function string(text,  shown, size, at, i, c, code, more, low, high) {
  if (text !~ /["\\]|[^ -~]/) return "\"" text "\""
  size = length(text)
  for (at = 1; at <= size; at++) {
    c = substr(text, at, 1); code = byte[c] + 0
    if (code > 31 && code < 127) { shown = shown (c ~ /["\\]/ ? "\\" : "") c; continue }
    more = code < 128 ? 0 : code < 194 ? -1 : code < 224 ? 1 : code < 240 ? 2 : code < 245 ? 3 : -1
    low = code == 224 ? 160 : code == 240 ? 144 : 128
    high = code == 237 ? 159 : code == 244 ? 143 : 191
    if (more > 0) code %= more == 1 ? 32 : more == 2 ? 16 : 8
    for (i = 1; i <= more; i++) {
      c = byte[substr(text, at + i, 1)] + 0
      if (c < low || c > high) more = -1
      code = code * 64 + c - 128; low = 128; high = 191
    }
    if (more < 0) code = 65533
    else at += more
    if (code > 65535) {
      shown = shown sprintf("\\u%04x", 55232 + int(code / 1024)); code = 56320 + code % 1024
    }
    shown = shown sprintf("\\u%04x", code)
  }
  return "\"" shown "\""
}
function put(json) { print comma json; comma = ",\n" }
function once(list, name) { return !known[list, name]++ }
function plain(name) { gsub(/-/, "_", name); return string(name) }
function node(file) { return string(index(file, root "/") == 1 ? substr(file, length(root) + 1) : file) }
function module(file) {
  sub(/.*\//, "", file); sub(/\.(gz|xz|zst|bz2)$/, "", file); sub(/\.ko$/, "", file)
  if (once(order, file)) put(plain(file))
}
function alias(name, carrier,  json) {
  json = "[" plain(name) ", " plain(carrier) "]"
  if (name ~ /^([A-Za-z0-9_-]+|ip_set_[a-z:,]+)$/ && once(order, json)) put(json)
}
function exists(file,  content, found) {
  if (file in there) return 1
  file = (file ~ /^\//) ? root file : tree file
  found = (getline content < file) >= 0
  close(file)
  return found
}
function unescaped(text,  shown) {
  while (match(text, /\\[0-3][0-7][0-7]/)) {
    shown = shown substr(text, 1, RSTART - 1) sprintf("%c", substr(text, RSTART + 1, 1) * 64 + \
      substr(text, RSTART + 2, 1) * 8 + substr(text, RSTART + 3, 1))
    text = substr(text, RSTART + 4)
  }
  return shown text
}
function take(line, number,  word, n) {
  if (order == "lines") put(string(line))
  else if (order == "builtin") module(line)
  else if (order == "disk") { sub(/:.*/, "", line); if (line ~ /\.ko/ && exists(line)) module(line) }
  else if (order == "rows") {
    gsub(/^[ \t]+|[ \t]+$/, "", line); sub(/[ \t]+/, " ", line)
    if (line != "" && once(rest, line)) put(string(line))
  } else if (order == "persistent") {
    if (!assignment(line)) return
    put("{\"key\": " string(key) ", \"value\": " string(value) ", \"place\": " node(rest ":" number) "}")
  } else if (order == "users") {
    split(line, word, ":")
    if (word[3] !~ /^[0-9]+$/ || !once(order, word[1])) return
    sub(/^0+/, "", word[3]); put(string(word[1]) ": " (word[3] == "" ? "0" : word[3]))
  } else {
    n = split(line, word, " ")
    if (order == "loaded" && (n < 5 || word[5] == "Live")) put(plain(word[1]))
    if (order == "aliases" && n == 3 && word[1] == "alias") alias(word[2], word[3])
    if (order == "mounts") put("{\"path\": " string(unescaped(word[2])) ", \"filesystem\": " string(word[3]) "}")
  }
}
BEGIN { ORS = ""; root = ENVIRON["root"]; for (at = 1; at < 256; at++) byte[sprintf("%c", at)] = at }
/^# CONFIG_/ || /^CONFIG_/ {
  at = index($0, "="); name = at ? substr($0, 8, at - 8) : substr($2, 8)
  if (once("symbols", name)) put(string(name) ": " string(at ? substr($0, at + 1) : "n"))
  next
}
/^\.\// {
  at = index($0, ":"); name = substr($0, 3, at - 3)
  if (at && (name in there)) { if (once("said", name)) said[name] = substr($0, at + 1) }
  else { name = substr($0, 3); there[name] = 1; listed[++total] = name }
  next
}
/^[^ ]*\.alias=/ { at = index($0, ".alias="); alias(substr($0, at + 7), substr($0, 1, at - 1)); next }
{ order = $1; rest = held substr($0, length(order) + 2); held = "" }
order == "held" { held = rest "\n" }
order == "{" || order == "[" { print comma order; comma = "" }
order == "}" || order == "]" { print order; comma = ",\n" }
order == "key" { print comma string(rest) ": "; comma = "" }
order == "is" { put(rest) }
order == "text" { put(string(rest)) }
order ~ /^(lines|rows|users|mounts|loaded|builtin|aliases|disk|persistent)$/ {
  for (number = 1; (getline line < rest) > 0; number++) take(line, number)
  close(rest)
}
order == "paths" { tree = rest "/"; split("", there); total = 0 }
order == "modules" { for (at = 1; at <= total; at++) module(listed[at]) }
order == "settings" {
  for (at = 1; at <= total; at++) {
    name = listed[at]; put(string(name) ": " ((name in said) ? string(said[name]) : "null"))
  }
}
order == "mask" || order == "file" || order == "wanted_by" {
  at = index(rest, "/"); name = substr(rest, 1, at - 1)
  if (once("unit", name)) units[++count] = name
  if ((order != "mask" || !(("file", name) in unit)) && once(order, name))
    unit[order, name] = ", \"" order "\": " node(substr(rest, at))
}
order == "units" {
  for (at = 1; at <= count; at++) {
    name = units[at]
    put(string(name) ": {" substr(unit["file", name] unit["mask", name] unit["wanted_by", name], 3) "}")
  }
}
order == "install" || order == "blacklist" || order == "refused" || order == "all" {
  at = order == "all" ? 0 : index(rest, " ")
  put("{\"rule\": \"" order "\", \"module\": " string(substr(rest, 1, at - 1)) \
    ", \"place\": " node(substr(rest, at + 1)) "}")
}
order == "end" { print "\n"; ended = 1 }
END { exit !ended }'
