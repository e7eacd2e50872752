"""What a stage costs a month, beside the same work done otherwise, from dated prices; what is unknown is said."""
