"""What clients ask: validated whole, refused with a reason, or done. The same for every transport."""
