"""The zip that Lambda runs: the locked requirements and the application, trimmed, compiled and packed the same
way every time.

`build` is the whole way, `requirements` installs for Lambda's platform, `trim` says what does not run there,
`bytecode` compiles, `archive` packs, `inventory` lists what is inside for the SBOM and the licences.
"""
