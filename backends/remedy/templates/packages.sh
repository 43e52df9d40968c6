# --- packages ------------------------------------------------------------------------------------

find_package_tool() { # sets package_tool to what installs packages here
  package_tool=''
  if [ -e /run/ostree-booted ]; then
    problem='the system is an image; layer it with rpm-ostree install, and reboot'
  elif [ -s /var/lib/dpkg/status ] && have apt-get; then
    package_tool=apt-get
  elif [ -e /lib/apk/db/installed ] && have apk; then
    package_tool=apk
  else
    problem='there is none of apt-get, apk, dnf, yum and zypper'
    for _tool in dnf yum zypper; do
      if have "$_tool"; then
        package_tool=$_tool
        break
      fi
    done
  fi
  [ -n "$package_tool" ]
}

installed() { # TOOL PACKAGE
  case $1 in
    apt-get) case $(dpkg-query -W -f '${db:Status-Status} ' "$2" 2>/dev/null) in *'installed '*) return 0 ;; *) return 1 ;; esac ;;
    apk) apk info -e "$2" >/dev/null 2>&1 ;;
    *) rpm -q "$2" >/dev/null 2>&1 ;;
  esac
}

install_package() { # TOOL PACKAGE
  case $1 in
    apt-get)
      # Where it knows no such package, apt-get takes the name for a pattern.
      if ! apt-cache pkgnames "$2" 2>/dev/null | grep -F -x -q -e "$2"; then
        problem="apt-get knows no package $2; run apt-get update"
        return 1
      fi
      DEBIAN_FRONTEND=noninteractive try apt-get -y -o DPkg::Lock::Timeout=60 install "$2"
      ;;
    apk) try apk add "$2" ;;
    zypper) try zypper --non-interactive install "$2" ;;
    *) try "$1" -y install "$2" ;;
  esac
}

remove_package() { # TOOL PACKAGE: each of these refuses where another package needs it
  case $1 in
    apt-get) try dpkg --remove "$2" ;;
    apk) try apk del "$2" ;;
    *) try rpm -e "$2" ;;
  esac
}

want_package() { # PACKAGE
  listing "install the package $1" && return 0
  if [ -n "$offline" ]; then
    cannot "install the package $1" 'that takes a node that runs'
  elif ! find_package_tool; then
    cannot "install the package $1" "$problem"
  elif installed "$package_tool" "$1"; then
    as_it_should_be "install the package $1"
  elif will "install the package $1 with $package_tool"; then
    if append package "$package_tool" "$1" && install_package "$package_tool" "$1" && now_installed "$1"; then
      did
    else
      cannot "$doing" "$problem"
    fi
  fi
}

now_installed() { # PACKAGE: tools succeed for names that mean something else to them
  installed "$package_tool" "$1" && return 0
  problem="$package_tool succeeds and $1 is not installed"
  return 1
}
