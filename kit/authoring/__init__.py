"""From the private source to what a student gets, and the laws that keep the two in step."""
