"""The bulletin 通报 of a station or district, and the list for a beat's meeting: gathered once, then only laid out."""
