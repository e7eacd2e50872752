"""What a stage shows to whoever looks from inside the network: `plan` says what to look at, `runner` looks.

The runner is given one document and needs nothing else: the same code runs as a verb here and as a single file on any
host with Python 3.9.
"""
