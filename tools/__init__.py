"""What builds the site and is not shipped with it."""
