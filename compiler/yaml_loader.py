"""A loader of YAML that is as quick as the one in C and fails as the one in Python does."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import yaml
from yaml.composer import Composer
from yaml.constructor import SafeConstructor
from yaml.resolver import Resolver

if TYPE_CHECKING:
    QuickLoader: TypeAlias = yaml.SafeLoader
elif hasattr(yaml, "CSafeLoader"):
    from yaml.cyaml import CParser

    class QuickLoader(Composer, CParser, SafeConstructor, Resolver):
        """Reads in C what takes the time, and nests in Python.

        The composer in C nests on the stack of the machine, so that a text of brackets ends the
        program; that in Python raises RecursionError.
        """

        def __init__(self, stream: str | bytes) -> None:
            CParser.__init__(self, stream)
            Composer.__init__(self)
            SafeConstructor.__init__(self)
            Resolver.__init__(self)

else:
    QuickLoader = yaml.SafeLoader
