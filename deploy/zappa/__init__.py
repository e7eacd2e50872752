"""What the callbacks of deploy/zappa_hooks.py do, one module a noun."""
