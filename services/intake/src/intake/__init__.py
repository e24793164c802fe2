"""Takes CPT requests and documents in, names what is missing, and gives complete requests their number in line."""
