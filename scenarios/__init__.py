"""What is set, and where each number came from: cases, practice, policies."""
