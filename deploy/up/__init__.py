"""`python -m deploy up STAGE`: from a stage file to a URL inside the closed network, one step a module.

Each step looks at what stands, says so when there is nothing to do, and may be run again after being broken off
anywhere: what it has finished is what AWS has, or what the journal in the artefacts' bucket says.
"""
