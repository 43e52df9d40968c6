# --- packages, told by the manager that has a database here ----------------------------------------

package_answers='' package_trouble=''
package_databases='dpkg-query:/var/lib/dpkg/status
apk:/lib/apk/db/installed apk:/usr/lib/apk/db/installed
pacman:/var/lib/pacman/local/ALPM_DB_VERSION
rpm:/usr/lib/sysimage/rpm/rpmdb.sqlite rpm:/usr/lib/sysimage/rpm/Packages.db rpm:/usr/lib/sysimage/rpm/Packages
rpm:/usr/share/rpm/rpmdb.sqlite rpm:/usr/share/rpm/Packages.db rpm:/usr/share/rpm/Packages
rpm:/var/lib/rpm/rpmdb.sqlite rpm:/var/lib/rpm/Packages.db rpm:/var/lib/rpm/Packages'

package_installed() { # NAME
  if [ -n "$explain" ]; then
    say_words "the package $1 is installed"
    return 0
  fi
  ask_packages
  package_state "$1"
  case $_state in
    '') answer unknown "$package_obstacle" "$package_database" ;;
    installed) answer pass "$1${_version:+ $_version}" "$package_database" ;;
    absent) answer fail "there is no package $1" "$package_database" ;;
    *) answer fail "the package $1 is $_state" "$package_database" ;;
  esac
}

package_state() { # NAME: sets _state to installed, absent, what dpkg calls it, or nothing, and _version
  _state='' _version=''
  case $package_answers in
    *"$newline$1 installed "*) _state=installed _version=${package_answers#*"$newline$1 installed "} ;;
    *"$newline$1 "*) _state=${package_answers#*"$newline$1 "} ;;
  esac
  _state=${_state%% *} _version=${_version%%"$newline"*}
}

ask_packages() { # once, about all: sets package_answers to lines NAME STATE VERSION, package_obstacle and package_database
  [ -z "$package_answers" ] || return 0
  package_answers=$newline
  find_package_database && packages_can_be_asked || return 0
  package_obstacle="$package_tool does not tell"
  [ -n "$wanted_packages" ] || return 0
  # The names are letters, digits and signs that mean nothing to a shell.
  # shellcheck disable=SC2086
  case $package_tool in
    dpkg-query) set -- --admindir="${package_database%/*}" -W -f '${Package} ${db:Status-Status} ${Version}\n' $wanted_packages ;;
    apk) set -- --root "${root:-/}" info -e $wanted_packages ;;
    pacman) set -- --config /dev/null --dbpath "${package_database%/local/*}" -Q $wanted_packages ;;
    *) set -- --dbpath "${package_database%/*}" -q --qf '%{NAME} installed %{VERSION}-%{RELEASE}\n' $wanted_packages ;;
  esac
  _told=$(limited 30 "$package_tool" "$@" 2>&1)
  _ended=$?
  each_line take_package_answer "$_told"
  if [ -n "$package_trouble" ]; then
    package_answers=$newline package_obstacle="$package_obstacle: $package_trouble"
  elif [ "$package_tool" = apk ] && [ "$_ended" -lt 99 ]; then
    # It only counts what is absent.
    for _name in $wanted_packages; do package_answers="$package_answers$_name absent $newline"; done
  fi
}

find_package_database() { # sets package_tool and package_database to the first; a node has one
  package_obstacle='there is no database of dpkg, apk, pacman or rpm' package_database=${root:-/}
  for _database in $package_databases; do
    locate "${_database#*:}"
    if [ -s "$at" ]; then
      package_tool=${_database%%:*} package_database=$at
      return 0
    fi
  done
  return 1
}

packages_can_be_asked() {
  package_obstacle="$package_tool is missing, which could tell"
  have "$package_tool" || return 1
  [ -z "$root" ] || [ "$package_tool" != rpm ] || rpm_only_reads
}

rpm_only_reads() { # It makes what its form of database lacks, and that is for the system to do which it belongs to.
  package_obstacle='the rpm at hand keeps databases of another form'
  case $(rpm --eval '%{?_db_backend}' 2>/dev/null):${package_database##*/} in
    sqlite:rpmdb.sqlite) _beside=rpmdb.sqlite-shm ;;
    ndb:Packages.db) _beside=Index.db ;;
    :Packages | bdb:Packages) _beside=__db.001 ;;
    sqlite:Packages) _beside=Packages ;;
    *) return 1 ;;
  esac
  package_obstacle='rpm would write beside the database; mount it read-only'
  [ -e "${package_database%/*}/$_beside" ] || [ ! -w "${package_database%/*}" ]
}

take_package_answer() { # LINE
  case $package_tool:$1 in
    'dpkg-query:dpkg-query: no packages found matching '*) _answer="${1##* } absent " ;;
    'rpm:package '*' is not installed') _answer=${1#package } _answer="${_answer% is not installed} absent " ;;
    "pacman:error: package '"*"' was not found") _answer=${1#*"'"} _answer="${_answer%"'"*} absent " ;;
    *:error:* | apk:ERROR:* | 'dpkg-query:dpkg-query: error:'*)
      package_trouble=${package_trouble:-$1}
      return 0
      ;;
    apk:*) _answer="$1 installed " ;;
    pacman:*) _answer="${1%% *} installed ${1#* }" ;;
    *) _answer=$1 ;;
  esac
  package_answers=$package_answers$_answer$newline
}

package_fact() { # NAME
  ask_packages
  package_state "$1"
  put_text key "$1"
  put '{'
  told state "$_state"
  told version "$_version"
  told database "${package_database#"$root"}"
  [ -n "$_state" ] || told unseen "$package_obstacle"
  put '}'
}
