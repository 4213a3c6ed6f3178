"""The flows: one file each. A file in this folder that holds a `FLOW` is a flow; nothing else needs to know of it."""
