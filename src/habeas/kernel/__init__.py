"""Floor 1: time, place and evidence, built on the standard library and pinned zone data alone."""
