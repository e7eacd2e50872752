"""How long tests wait for what will come: so long that a machine which does five other things never ends a wait.

A wait that succeeds costs nothing. None of these is a claim about time: what has a limit of its own (29 seconds of API
Gateway, 60 of a load balancer) answers by it, and each wait for an answer is longer than those.
"""

ANSWER = 120.0
"""Seconds for one answer to a request."""
SCREEN = 180_000
"""Milliseconds for something to be seen on a screen, which may follow from several requests."""
COMMAND = 900.0
"""Seconds for a command of the console; `up` is one of them."""
WORK = 600.0
"""Seconds for somebody who works on the side to come to an end; less than for a command, so that it ends in order."""
ENDED = 120.0
"""Seconds for the kernel to take everything away."""
