"""The looking itself: the standard library of Python 3.9 only, because it also runs where nothing can be installed.

`written.py` puts these modules into one file in the order of its table; no name at their top level may occur twice.
"""
