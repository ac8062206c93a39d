"""What figures cost a page of somebody else's."""
