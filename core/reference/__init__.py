"""The reference pack: read-only facts with source and date; verified when loaded, parsed when used."""
