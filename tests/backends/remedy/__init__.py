"""Tests of the target `remedy`, in every shell, on fake roots and in a chroot."""
