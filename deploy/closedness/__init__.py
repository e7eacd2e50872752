"""Whether a network is closed, judged from templates or an inventory alone: nothing here asks AWS.

`policy` decides IAM policies (the only place that does), `world` is what templates or an inventory declare, `rules/`
look at it, `findings` say what they found in the reader's language, and `judgement` brings all together. Whatever
cannot be known becomes an open question by name, never a silent yes.
"""
