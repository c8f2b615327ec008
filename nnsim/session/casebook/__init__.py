"""The library: what others have printed, held against what is computed."""
