"""Where the organisation comes from: adapters of `api.organization.ports.DirectorySource`."""
