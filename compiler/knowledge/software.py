"""Platforms and tools that pages ask for, and how to learn which version is there."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from reqc.compiler.versions import compare_versions, is_version


class Release(Struct, frozen=True):
    """A release with a codename; `version` is its number where releases have one."""

    codename: str
    year: int
    version: str | None = None


class Software(Struct, frozen=True):
    """Something with a version.

    `ask` is the command a person runs to learn the version. A node shows it by the value under
    `os_release_key` in os-release(5) or by what `command` prints, if at all. `releases` are in
    order; without them versions are numbers.
    """

    name: str
    title: str
    ask: str
    os_release_key: str | None = None
    command: tuple[str, ...] = ()
    releases: tuple[Release, ...] = ()

    def release(self, word: str) -> Release | None:
        """Return the release that a codename, in any case, or a version names."""
        wanted = word.lower()
        return next((one for one in self.releases if wanted in (one.codename, one.version)), None)

    def knows(self, word: str) -> bool:
        """Tell whether a word names a version of this software that can be compared."""
        return self.release(word) is not None if self.releases else is_version(word)

    def compare(self, left: str, right: str) -> int:
        """Return -1, 0 or 1 as `left` is before, equal to or after `right`.

        Raise ValueError for a word that names no version.
        """
        for word in (left, right):
            if not self.knows(word):
                message = f"{word!r} is no version of {self.title}"
                raise ValueError(message)
        if not self.releases:
            return compare_versions(left, right)
        order = [self.release(left), self.release(right)]
        before, after = (self.releases.index(one) for one in order if one is not None)
        return (before > after) - (before < after)


# https://releases.openstack.org, one letter after the other until Zed; with numbers from then on.
_OPENSTACK_RELEASES: tuple[Release, ...] = (
    Release("austin", 2010),
    Release("bexar", 2011),
    Release("cactus", 2011),
    Release("diablo", 2011),
    Release("essex", 2012),
    Release("folsom", 2012),
    Release("grizzly", 2013),
    Release("havana", 2013),
    Release("icehouse", 2014),
    Release("juno", 2014),
    Release("kilo", 2015),
    Release("liberty", 2015),
    Release("mitaka", 2016),
    Release("newton", 2016),
    Release("ocata", 2017),
    Release("pike", 2017),
    Release("queens", 2018),
    Release("rocky", 2018),
    Release("stein", 2019),
    Release("train", 2019),
    Release("ussuri", 2020),
    Release("victoria", 2020),
    Release("wallaby", 2021),
    Release("xena", 2021),
    Release("yoga", 2022),
    Release("zed", 2022),
    Release("antelope", 2023, "2023.1"),
    Release("bobcat", 2023, "2023.2"),
    Release("caracal", 2024, "2024.1"),
    Release("dalmatian", 2024, "2024.2"),
    Release("epoxy", 2025, "2025.1"),
    Release("flamingo", 2025, "2025.2"),
    Release("gazpacho", 2026, "2026.1"),
    Release("hibiscus", 2026, "2026.2"),
)

_ALL = (
    Software("containerd", "containerd", "containerd --version", command=("containerd",)),
    Software("cri-o", "CRI-O", "crio --version", command=("crio",)),
    Software("docker", "Docker Engine", "docker version", command=("docker",)),
    Software("etcd", "etcd", "etcdctl version"),
    Software("helm", "Helm", "helm version"),
    Software("istio", "Istio", "istioctl version"),
    # kubelet on a node has a version of its own, at times behind that of the cluster.
    Software("kubernetes", "Kubernetes", "kubectl version"),
    # RHEL CoreOS tells the release of the cluster it came with.
    Software(
        "openshift",
        "OpenShift Container Platform",
        "oc get clusterversion",
        os_release_key="OPENSHIFT_VERSION",
    ),
    # Each service has a number of its own; the release is known to who deployed it.
    Software("openstack", "OpenStack", "openstack versions show", releases=_OPENSTACK_RELEASES),
    Software("podman", "Podman", "podman --version", command=("podman",)),
    Software("python", "Python", "python3 --version", command=("python3",)),
)

SOFTWARE: Mapping[str, Software] = {one.name: one for one in _ALL}
"""All known software by name."""
