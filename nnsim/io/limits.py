"""How large a file may be. Every message that refuses one names the limit from here."""

from __future__ import annotations

from typing import Final

# The largest document (see nnsim.model.limits) in its longest form, with room to spare.
MAX_PROJECT_BYTES: Final = 256 * 2**20
# Numbers, texts, lists and objects written out: each can cost a hundred bytes of memory.
MAX_JSON_VALUES: Final = 1_000_000
MAX_JSON_DEPTH: Final = 64

# Arrays with more numbers than this are written as base64, smaller ones so that they can be read.
MAX_PLAIN_NUMBERS: Final = 4_096
# In a document with more parameters than this nobody reads them, so only tiny arrays stay readable.
MAX_READABLE_PARAMETERS: Final = 100_000
MAX_TINY_NUMBERS: Final = 16

MAX_TABLE_BYTES: Final = 256 * 2**20
MAX_TABLE_FIELD: Final = 10_000  # characters in one cell
