// A module of headers alone still needs one translation unit.
