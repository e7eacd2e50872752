"""AWS's side of the doors: what stands behind the addresses of endpoints, and behind the public names outside.

Ours, not AWS's: docs/rehearsal.md has each behaviour that is imitated here beside its source. Whether somebody may do
something is asked of deploy/closedness/policy.py and decided nowhere else.
"""
