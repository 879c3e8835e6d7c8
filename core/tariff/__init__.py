"""What is due on a line: the measures known on a day, their order, and the arithmetic with its reasons."""
