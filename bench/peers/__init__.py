"""The handlers that ours is compared with; each file is copied to the root of a function by bench/functions.py."""
