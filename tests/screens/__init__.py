"""Screenshots of phones, drawn: the drawing knows what stands where, and what is true."""
