"""What is fast and good here, beside what a user would pick instead."""
