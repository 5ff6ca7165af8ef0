"""A made-up province for the benchmark: as many matters as three years bring, with the skew that real ones have."""
