#!/usr/bin/busybox sh
# The first process of the virtual machine: runs /steps/* in order, sends what they wrote to the
# second serial line as a tar archive, and powers off.
/usr/bin/busybox --install -s /usr/bin
export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
mkdir -p /run /tmp /var/lib /results
ip link set lo up
for step in /steps/*; do
  result=/results/${step##*/}
  sh "$step" </dev/null >"$result.out" 2>"$result.err"
  echo $? >"$result.status"
done
stty -F /dev/ttyS1 raw
tar -cz -f - -C /results . >/dev/ttyS1
poweroff -f
