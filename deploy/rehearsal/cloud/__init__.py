"""AWS's interfaces on one machine: moto, and what it lacks."""
