"""What is made from marks: feedback pages, the class page, the gradebook, exports."""
