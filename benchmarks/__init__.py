"""What grading costs: two classes of sixty, four ways to grade them; see README.md."""
