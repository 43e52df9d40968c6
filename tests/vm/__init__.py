"""The check scripts on real kernels and under a real systemd.

`make test-vm` fetches four kernels of Debian and a small Debian with systemd, through the package
archive that apt uses here, into a folder of the user's cache, and runs what is below this folder.
It needs root, because it boots containers, and no network after the first time. Virtual machines
run without hardware acceleration, so they are the same everywhere; one takes half a minute.

The kernels are those of the flavour for clouds, whose features are loadable modules. They boot from
an archive in memory (`initramfs`), as they are and damaged (`damage`); what a page wants is written
down anew in the words of kmod and iptables (`wanted`), so that these judge the script.
"""
